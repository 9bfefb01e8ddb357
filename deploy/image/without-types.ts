import { registerHooks } from 'node:module'

/** In the image the files that end in .ts have no types any more (strip-types.ts): Node is told to take them as they are. */
registerHooks({
  load: (url, context, next) =>
    next(url, context.format === 'module-typescript' ? { ...context, format: 'module' } : context),
})
