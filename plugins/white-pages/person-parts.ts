import type { Person } from '../../src/accounts/person.ts'
import { avatar, type AvatarOptions } from '../web/avatar.ts'
import { mailLink, phoneLink } from '../web/contact.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { path } from '../web/safe-url.ts'

/** Path of the person’s card; by the handle, since a login may be hidden. */
export function cardPath(person: Person): string {
  return path('people', person.handle)
}

/** The photo through our own scaling, or initials. */
export function personAvatar(person: Person, size: AvatarOptions['size'] = 'medium'): SafeHtml {
  const pixels = size === 'large' ? 384 : 96
  const photo = person.hasPhoto ? `${cardPath(person)}/photo?size=${pixels}` : null
  return avatar(person.displayName, { photo, size })
}

/** Job, department and site in one line, as far as there are some. */
export function roleLine({ title, department, site }: Person): string {
  return [title, department, site].filter((part) => part !== null).join(' · ')
}

/** People as a list of links, each with a picture and what they do. */
export function personList(people: readonly Person[]): SafeHtml {
  return html`<ul class="list people">
    ${people.map(personItem)}
  </ul>`
}

function personItem(person: Person): SafeHtml {
  const [phone] = person.phone
  const [mail] = person.mail
  const role = roleLine(person)
  return html`<li>
    ${personAvatar(person)}
    <div class="main">
      <a href="${cardPath(person)}">${person.displayName}</a>${role === '' ? null : html`<p>${role}</p>`}
    </div>
    ${
      phone === undefined && mail === undefined
        ? null
        : html`<div class="contact">
            ${phone === undefined ? null : phoneLink(phone)}${mail === undefined ? null : mailLink(mail)}
          </div>`
    }
  </li>`
}
