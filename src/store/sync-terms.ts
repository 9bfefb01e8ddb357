// The closed lists of the synchronization's tables, once: for their rows, for the API and for the filters of pages.

export const runKinds = ['full', 'incremental', 'entry', 'undo'] as const

export const runStates = [
  'queued',
  'reading',
  'planned',
  'held',
  'approved',
  'applying',
  'done',
  'incomplete',
  'failed',
  'cancelled',
] as const

export const changeKinds = ['create', 'update', 'rename', 'delete', 'disable', 'enable'] as const

export const changeStates = ['planned', 'sent', 'done', 'failed', 'conflict', 'skipped'] as const

export const guards = ['deletes', 'changes', 'empty-source', 'shrunk', 'empty-destination', 'frozen'] as const
