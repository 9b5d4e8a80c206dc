/** The mail that verifies an e-mail address by its link. */
export function confirmationEmail(link: string, hours: number) {
  const words = [
    'Hello,',
    'follow this link to confirm that this e-mail address is yours:',
    link,
    `It works once, for ${hours} hours. If you did not request it, you can ignore this mail.`,
  ];
  const paragraphs = words.map((line) => `<p>${line === link ? `<a href="${link}">${link}</a>` : line}</p>`);
  return {
    subject: 'Confirm your e-mail address',
    text: `${words.join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Confirm your e-mail address</title>${paragraphs.join('')}</html>`,
  };
}
