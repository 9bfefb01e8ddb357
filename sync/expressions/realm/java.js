import { AD } from './ad.js'
import { Attribute } from './bean.js'
import { DateUtils } from './date-utils.js'
import { FrenchFilters } from './french-filters.js'
import { javaLang } from './java-lang.js'
import { extendPrimitives } from './java-strings.js'
import { javaUtil } from './java-util.js'
import { LdapName, Rdn } from './ldap-names.js'
import { SetUtils } from './set-utils.js'
import { StringUtils } from './string-utils.js'

/**
 * The classes of Java that LSC's scripts are known to use, by full name, and the ways by which scripts come by them: `new java.util.ArrayList()`, `Packages`,
 * `Java.type`, `importPackage`, `importClass`, `JavaImporter`. Any other class is an error that names it, at the moment when it is used.
 */
export function makeJava(lent) {
  extendPrimitives()
  const classes = new Map(
    Object.entries({
      ...javaLang,
      ...javaUtil,
      'javax.naming.ldap.Rdn': Rdn,
      'javax.naming.ldap.LdapName': LdapName,
      'javax.naming.directory.BasicAttribute': Attribute,
      'org.lsc.utils.DateUtils': DateUtils,
      'org.lsc.utils.FrenchFilters': FrenchFilters,
      'org.lsc.utils.SetUtils': SetUtils,
      'org.lsc.utils.StringUtils': StringUtils,
      'org.lsc.utils.directory.AD': AD,
      ...lent,
    }),
  )
  const packages = makePackages(classes)
  const importer = (...given) => Object.assign({}, ...given.map((one) => membersOf(one, classes)))
  const names = {
    Packages: packages.under(''),
    java: packages.under('java'),
    javax: packages.under('javax'),
    org: packages.under('org'),
    com: packages.under('com'),
    Java: {
      type: (name) => classes.get(name) ?? refuse(name),
      from: (collection) => Array.from(collection),
      to: (array) => array,
      extend: () => refuse('of an extended type'),
    },
    importPackage: (...given) => void Object.assign(globalThis, missing(importer(...given))),
    importClass: (...given) => void Object.assign(globalThis, missing(importer(...given))),
    JavaImporter: function JavaImporter(...given) {
      return importer(...given)
    },
    // Scripts load the compatibility layer of Nashorn, which is what this is.
    load(name) {
      if (!String(name).startsWith('nashorn:'))
        throw new TypeError('a script cannot load files: name them as scriptInclude')
    },
    print() {},
  }
  return { names, classes: classes.values() }
}

const path = Symbol('path')

function makePackages(classes) {
  const made = new Map()
  const under = (name) => {
    if (!made.has(name)) made.set(name, new Proxy(function javaPackage() {}, handler(name)))
    return made.get(name)
  }
  const handler = (name) => ({
    get(_, part) {
      if (part === path) return name
      if (typeof part !== 'string') return undefined
      const full = name === '' ? part : `${name}.${part}`
      return classes.get(full) ?? under(full)
    },
    apply: () => refuse(name),
    construct: () => refuse(name),
    set: () => false,
  })
  return { under }
}

/** The classes of a package, or the class itself, by short name. */
function membersOf(given, classes) {
  const prefix = typeof given === 'function' ? given[path] : undefined
  const members = [...classes].filter(([name, value]) =>
    prefix === undefined ? value === given : name.slice(0, name.lastIndexOf('.')) === prefix,
  )
  return Object.fromEntries(members.map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value]))
}

/** What is there already stays: an imported `Date` or `String` is not JavaScript's. */
function missing(members) {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !(name in globalThis)))
}

function refuse(name) {
  throw new TypeError(`the Java class ${name} is not available here`)
}
