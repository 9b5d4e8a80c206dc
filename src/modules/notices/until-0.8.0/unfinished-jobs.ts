/** In SQL: id and queue of the jobs of pg-boss that servers of 0.6.x have not finished. They have a schema of their own. */
export const unfinishedJobs = (jobTable: string): string =>
  `select id, name from ${jobTable} where state < 'completed'`;

/** pg-boss does not quote the name. */
export const jobTableOf = (schema: string | null): string =>
  schema === null ? 'pgboss.job' : `${schema.toLowerCase()}_pgboss.job`;
