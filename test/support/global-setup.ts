/** What all test files share for one run. */
export async function setup(): Promise<void> {}
