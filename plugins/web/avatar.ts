import { html, type SafeHtml } from './html.ts'

export type AvatarOptions = {
  /** Address of the photo; initials are drawn when it is absent. */
  photo?: string | null
  size?: 'small' | 'medium' | 'large'
}

const tints = 6

/**
 * A person's photo, or their initials. Decorative: the name stands beside it. The tint follows the name, so that a person has the same one
 * everywhere.
 */
export function avatar(displayName: string, { photo = null, size = 'medium' }: AvatarOptions = {}): SafeHtml {
  if (photo !== null) {
    return html`<img
      class="avatar ${size}"
      src="${photo}"
      alt=""
      width="96"
      height="96"
      loading="lazy"
      decoding="async"
    />`
  }
  return html`<span class="avatar ${size} tint-${tintOf(displayName)}" aria-hidden="true"
    >${initials(displayName)}</span
  >`
}

/** First letters of the first and the last word: `Jean-Noël D’HERVÉ` gives JD. */
export function initials(displayName: string): string {
  const words = displayName.split(/[^\p{L}\p{N}\p{M}'’-]+/u).filter((word) => /\p{L}|\p{N}/u.test(word))
  const [head, tail] = [words.at(0), words.length > 1 ? words.at(-1) : undefined]
  return [head, tail].map((word) => word?.match(/\p{L}|\p{N}/u)?.[0]?.toLocaleUpperCase('fr') ?? '').join('')
}

function tintOf(name: string): number {
  let sum = 0
  for (let i = 0; i < name.length; i++) sum = (sum * 31 + name.charCodeAt(i)) % 9973
  return sum % tints
}
