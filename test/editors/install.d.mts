/** Root of the tree with the editors in it. */
export const editorsTree: string;
export function installEditors(): void;
