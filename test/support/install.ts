export async function install(): Promise<void> {}
