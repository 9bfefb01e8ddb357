import { localeOf } from './locale-of.ts'
import { type Translate, translator } from './message.ts'

/** The texts of the command line, in the language of whoever runs it. Never for what a program parses: that is the same in every language. */
export const commandText: Translate = (key, params) => translator(localeOf(process.env))(key, params)
