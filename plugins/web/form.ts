import { html, type HtmlValue, type SafeHtml } from './html.ts'

/** What is wrong with one field, in the reader's language. */
export type FaultText = { field: string; text: string }

export type FieldOptions = {
  name: string
  label: string
  value?: string
  /** Said before the person types: format, rules. */
  hint?: HtmlValue
  /** All faults of the form; the field takes those with its name. */
  faults?: readonly FaultText[]
  type?: 'text' | 'email' | 'search' | 'tel' | 'password' | 'date'
  autocomplete?: string
  inputmode?: 'text' | 'email' | 'numeric' | 'tel' | 'search'
  required?: boolean
  maxlength?: number
  /** Further attributes: `html`hx-get="/people"``. */
  attributes?: SafeHtml
}

/** Label, hint, input and faults, tied together for assistive technology. The id is `field-<name>`: error summaries link to it. */
export function field(options: FieldOptions): SafeHtml {
  const { name, label, value = '', hint, type = 'text', autocomplete = 'off', inputmode, maxlength } = options
  const wrong = faultsOf(options)
  return html`<div class="field">
    <label for="field-${name}">${label}</label>
    ${hintOf(options, hint)}${faultList(name, wrong)}
    <input
      id="field-${name}"
      name="${name}"
      type="${type}"
      value="${type === 'password' ? '' : value}"
      autocomplete="${autocomplete}"
      ${inputmode ? html`inputmode="${inputmode}"` : null}
      ${maxlength ? html`maxlength="${maxlength}"` : null}
      ${options.required === true ? html`required` : null}
      ${type === 'password' ? plainText : null}
      ${description(name, hint, wrong)}
      ${options.attributes}
    />
  </div>`
}

/**
 * A password field. Never filled in again by the server; pasting and password managers work; `autocomplete` says which password it is
 * (`current-password`, `new-password`).
 */
export function passwordField(
  options: Omit<FieldOptions, 'type' | 'value' | 'autocomplete'> & {
    autocomplete: 'current-password' | 'new-password'
  },
): SafeHtml {
  return field({ ...options, type: 'password' })
}

/** Several lines of text. */
export function textArea(options: Omit<FieldOptions, 'type' | 'inputmode'> & { rows?: number }): SafeHtml {
  const { name, label, value = '', hint, rows = 3, maxlength } = options
  const wrong = faultsOf(options)
  return html`<div class="field">
    <label for="field-${name}">${label}</label>
    ${hintOf(options, hint)}${faultList(name, wrong)}
    <textarea
      id="field-${name}"
      name="${name}"
      rows="${rows}"
      ${maxlength ? html`maxlength="${maxlength}"` : null}
      ${options.required === true ? html`required` : null}
      ${description(name, hint, wrong)}
    >
${value}</textarea>
  </div>`
}

/** A choice of one among a few. */
export function selectField(
  options: Omit<FieldOptions, 'type' | 'inputmode' | 'maxlength'> & {
    choices: readonly { value: string; label: string }[]
  },
): SafeHtml {
  const { name, label, value, hint, choices } = options
  const wrong = faultsOf(options)
  return html`<div class="field">
    <label for="field-${name}">${label}</label>
    ${hintOf(options, hint)}${faultList(name, wrong)}
    <select id="field-${name}" name="${name}" ${description(name, hint, wrong)} ${options.attributes}>
      ${choices.map(
        (choice) =>
          html`<option value="${choice.value}" ${choice.value === value ? html`selected` : null}>
            ${choice.label}
          </option>`,
      )}
    </select>
  </div>`
}

/** A box to tick: sends `on`, or nothing. */
export function checkbox(options: {
  name: string
  label: HtmlValue
  checked?: boolean
  hint?: HtmlValue
}): SafeHtml {
  const { name, label, checked = false, hint } = options
  return html`<div class="field choice">
    <input
      id="field-${name}"
      name="${name}"
      type="checkbox"
      ${checked ? html`checked` : null}
      ${description(name, hint, [])}
    />
    <label for="field-${name}">${label}</label>
    ${hintOf(options, hint)}
  </div>`
}

/** The field and the button of a search, which is a GET: the address of its result can be kept. */
export function searchForm(options: {
  action: string
  button: string
  field: FieldOptions
  more?: HtmlValue
}): SafeHtml {
  const { action, button, field: input, more } = options
  return html`<search>
    <form class="search-bar" action="${action}">
      ${field({ type: 'search', inputmode: 'search', ...input })}${more} ${submitButton(button)}
    </form>
  </search>`
}

export type PostFormOptions = {
  action: string
  /** `reply.csrf()`: without it the request is refused. */
  csrf: string
  content: HtmlValue
  /** Further attributes of the form. */
  attributes?: SafeHtml
}

/** A form that changes something. Errors are shown by the server, in words of ours, so the browser's own bubbles are off. */
export function postForm({ action, csrf, content, attributes }: PostFormOptions): SafeHtml {
  return html`<form method="post" action="${action}" novalidate ${attributes}>
    <input type="hidden" name="_csrf" value="${csrf}" />
    ${content}
  </form>`
}

export type ButtonTone = 'primary' | 'quiet' | 'danger'

export function submitButton(label: string, tone: ButtonTone = 'primary'): SafeHtml {
  return html`<button type="submit" class="button ${tone}">${label}</button>`
}

/** One act as a button: a form of its own. `fields` are sent with it. */
export function postButton(options: {
  action: string
  csrf: string
  label: string
  tone?: ButtonTone
  fields?: Readonly<Record<string, string>>
}): SafeHtml {
  const { action, csrf, label, tone = 'quiet', fields = {} } = options
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  return postForm({
    action,
    csrf,
    content: [...hidden, submitButton(label, tone)],
    attributes: html`class="inline"`,
  })
}

/** A link that looks like a button, for going to a page. */
export function linkButton(href: string, label: HtmlValue, tone: ButtonTone = 'quiet'): SafeHtml {
  return html`<a class="button ${tone}" href="${href}">${label}</a>`
}

// A password is not prose: no capital at its start, no correction, nothing sent to a spelling service.
const plainText = html`autocapitalize="none" autocorrect="off" spellcheck="false"`

function faultsOf({ name, faults = [] }: { name: string; faults?: readonly FaultText[] }): string[] {
  return faults.filter((fault) => fault.field === name).map((fault) => fault.text)
}

function hintOf({ name }: { name: string }, hint: HtmlValue): SafeHtml | null {
  return hint ? html`<div class="hint" id="hint-${name}">${hint}</div>` : null
}

function faultList(name: string, texts: readonly string[]): SafeHtml | null {
  if (texts.length === 0) return null
  const [only] = texts
  const content =
    texts.length === 1
      ? only
      : html`<ul>
          ${texts.map((text) => html`<li>${text}</li>`)}
        </ul>`
  return html`<div class="fault" id="fault-${name}">${content}</div>`
}

function description(name: string, hint: HtmlValue, wrong: readonly string[]): SafeHtml | null {
  const ids = [hint ? `hint-${name}` : null, wrong.length > 0 ? `fault-${name}` : null].filter(
    (id) => id !== null,
  )
  if (ids.length === 0) return null
  const invalid = wrong.length > 0 ? html`aria-invalid="true"` : null
  return html`aria-describedby="${ids.join(' ')}" ${invalid}`
}
