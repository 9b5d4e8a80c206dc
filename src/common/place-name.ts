/** What a name of a workspace or organization may be, in NFC (docs/contract/http.md#names); not the letters without a glyph. */
export const PLACE_NAME =
  /^(?:(?![\u115f\u1160\u3164\uffa0])[\p{L}\p{M}\p{Nd} \-_'@()&.,+]|(?<=[\p{L}\p{M}])[\u200c\u200d](?=[\p{L}\p{M}])){1,255}$/u;
export const PLACE_NAME_SIGNS = "letters, digits, spaces and - _ ' @ ( ) & . , +";

/** As names are stored and compared. */
export const inNfc = (name: string): string => name.normalize('NFC');
