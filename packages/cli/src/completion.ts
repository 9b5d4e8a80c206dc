import type { Command } from 'commander';
import { EXIT, Failure } from './failures.js';

const SHELLS = ['bash', 'zsh', 'fish'];

/** What may follow each beginning of a command, for example `members` → `list invite remove --json …`. */
function choices(program: Command): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (command: Command, path: string) => {
    const words = command.commands.map((each) => each.name()).filter((name) => name !== 'help');
    const options = command
      .createHelp()
      .visibleOptions(command)
      .map(({ long }) => long ?? '');
    const shared = program
      .createHelp()
      .visibleOptions(program)
      .map(({ long }) => long ?? '');
    found.set(
      path,
      [...new Set([...words, ...options, ...shared])].filter((word) => word !== '--version' || path === ''),
    );
    for (const each of command.commands) visit(each, path === '' ? each.name() : `${path} ${each.name()}`);
  };
  visit(program, '');
  return found;
}

/**
 * A script for the shell, to be read at its start.
 *
 * @throws Failure
 */
export function completionFor(shell: string, program: Command): string {
  if (shell === 'fish') return fish(choices(program));
  if (!SHELLS.includes(shell)) throw new Failure(`There is completion for ${SHELLS.join(', ')}.`, EXIT.usage);
  const begin = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return `${begin}${bash(choices(program))}`;
}

function bash(found: Map<string, string[]>): string {
  const cases = [...found].map(([path, words]) => `    '${path}') words='${words.join(' ')}' ;;`);
  return `_tenantry() {
  local path='' words='' word previous=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $previous:$word in --server:* | --lines:* | -n:* | *:-*) ;; *) path="\${path:+$path }$word" ;; esac
    previous=$word
  done
  case $path in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tenantry tenantry`;
}

function fish(found: Map<string, string[]>): string {
  const lines = [...found].map(([path, words]) => {
    const choice = words.join(' ');
    return `complete -c tenantry -n "test (string join ' ' (commandline -opc)[2..] | string replace -ra ' ?-\\S+' '') = '${path}'" -a '${choice}'`;
  });
  return ['complete -c tenantry -f', ...lines].join('\n');
}
