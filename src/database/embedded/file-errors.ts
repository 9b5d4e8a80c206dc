/** For `.catch(unlessAbsent)`: returns undefined if the file does not exist and rethrows any other error. */
export function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** For `.catch(unlessTaken)`: returns undefined if the path already exists and rethrows any other error. */
export function unlessTaken(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}
