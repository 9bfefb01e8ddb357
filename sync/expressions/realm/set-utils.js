import { Attribute } from './bean.js'
import { HashSet } from './java-collections.js'

export const SetUtils = {
  attributeToSet: (attribute) => new HashSet((attribute ?? []).filter((value) => value !== '')),
  setToAttribute: (name, values) => new Attribute(name, values ?? []),
  findMissingNeedles: (haystack, needles) =>
    new HashSet((needles ?? []).filter((needle) => !new HashSet(haystack).contains(needle))),
  doSetsMatch: (one, other) => one.length === other.length && one.containsAll(other),
}
