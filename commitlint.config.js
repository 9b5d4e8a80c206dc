/** Conventional Commits with a header of at most 72 characters; `npm run check:commits` applies it to new commits. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'header-max-length': [2, 'always', 72],
    'subject-case': [0], // a subject may begin with an identifier: DATABASE_URL, SCIM
    'body-max-line-length': [0], // addresses and quoted messages
    'footer-max-line-length': [0],
  },
};
