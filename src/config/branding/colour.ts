/** Red, green and blue of a colour `#rrggbb`, from 0 to 255. */
export function channels(colour: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** `colour` with this share (0 to 1) of another in it, as `color-mix(in srgb, …)` does. */
export function mix(colour: string, other: string, share: number): string {
  const others = channels(other)
  return toHex(channels(colour).map((value, index) => value + ((others[index] ?? 0) - value) * share))
}

/** From the colour to white or to black in 256 steps, hue and saturation kept (HSL): mixed with white, it would get pale. */
export function shades(colour: string, end: 'white' | 'black'): string[] {
  const [hue, saturation, lightness] = toHsl(colour)
  const target = end === 'white' ? 1 : 0
  return [
    colour,
    ...Array.from({ length: 256 }, (_, step) =>
      toHex(fromHsl(hue, saturation, lightness + ((target - lightness) * step) / 255)),
    ),
  ]
}

function toHsl(colour: string): [hue: number, saturation: number, lightness: number] {
  const [red, green, blue] = channels(colour)
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)]
  const range = most - least
  const lightness = (most + least) / 510
  if (range === 0) return [0, 0, lightness]
  const sector =
    most === red
      ? (green - blue) / range
      : most === green
        ? (blue - red) / range + 2
        : (red - green) / range + 4
  return [(sector * 60 + 360) % 360, range / 255 / (1 - Math.abs(2 * lightness - 1)), lightness]
}

function fromHsl(hue: number, saturation: number, lightness: number): number[] {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  return [0, 8, 4].map((offset) => {
    const place = (offset + hue / 30) % 12
    return 255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1)))
  })
}

function toHex(values: readonly number[]): string {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}
