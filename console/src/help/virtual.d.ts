/** What `console/help/help-plugin.ts` makes of `docs`. */
declare module 'virtual:help' {
  type Page = {
    readonly title: string;
    readonly headings: readonly { readonly title: string; readonly anchor: string }[];
    readonly html: string;
  };
  export const pages: readonly { readonly page: string; readonly group: string; readonly title: string }[];
  export const load: Readonly<Record<string, () => Promise<{ readonly default: Page }>>>;
}

declare module 'virtual:help-search' {
  /** The index of MiniSearch as JSON. */
  const index: string;
  export default index;
}
