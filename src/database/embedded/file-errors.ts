/** `.catch(unlessAbsent)`: a file that is not there gives `undefined`; any other fault stays one. */
export function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** `.catch(unlessTaken)`: whoever created the same thing first has won, which is as good. */
export function unlessTaken(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}
