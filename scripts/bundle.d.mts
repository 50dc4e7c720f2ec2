/** Makes what a browser is given by `dashboard`, in a folder. */
export function bundlePage(root: string, outdir: string): Promise<void>
