/** Why a process cannot begin its work: a sentence for the operator, who sees no stack. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}
