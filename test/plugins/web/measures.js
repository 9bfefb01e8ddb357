// Runs in the browser, where the types of TypeScript's DOM would be for the whole repository. Each returns plain data.
globalThis.measures = {
  /** Contrast (WCAG 1.4.11) of an element's border with the surface it lies on. */
  borderContrast(selector) {
    const element = document.querySelector(selector)
    let around = element.parentElement
    while (around !== null && getComputedStyle(around).backgroundColor === 'rgba(0, 0, 0, 0)')
      around = around.parentElement
    const colors = [
      getComputedStyle(element).borderTopColor,
      getComputedStyle(around ?? document.body).backgroundColor,
    ]
    const [lighter, darker] = colors.map(luminance).toSorted((a, b) => b - a)
    return (lighter + 0.05) / (darker + 0.05)
  },

  /** What shows no outline when it has the focus. */
  unseenStops: () =>
    found('a, button, input, summary', (stop) => {
      stop.focus({ preventScroll: true })
      const { outlineStyle, outlineWidth } = getComputedStyle(stop)
      return document.activeElement === stop && (outlineStyle === 'none' || parseFloat(outlineWidth) < 2)
    }),

  /** What one presses that is smaller than 24 pixels; links in a sentence may be (WCAG 2.5.8). */
  smallTargets: () =>
    found('a, button, input:not([type=hidden]), summary', (each) => {
      const { width, height } = each.getBoundingClientRect()
      return each.checkVisibility() && !each.matches('p a, .skip') && (width < 24 || height < 24)
    }),

  moving: () =>
    found('*', (each) => {
      const { transitionDuration, animationName } = getComputedStyle(each)
      return animationName !== 'none' || transitionDuration.split(',').some((part) => parseFloat(part) > 0)
    }),

  focused: (attribute) => document.activeElement?.getAttribute(attribute) ?? null,
  width: () => document.documentElement.scrollWidth,
}

function found(selector, isMeant) {
  return [...document.querySelectorAll(selector)].filter(isMeant).map((each) => each.outerHTML.slice(0, 80))
}

/** Colours come as `light-dark` gave them, in any notation: a canvas reads them all. */
function luminance(color) {
  const canvas = document.createElement('canvas').getContext('2d')
  canvas.fillStyle = color
  canvas.fillRect(0, 0, 1, 1)
  const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
