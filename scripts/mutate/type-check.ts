import ts from 'typescript';
import { projectPath } from './working-copy.ts';

/** A rule that is taken out may leave a name unused; that is no mistake here. */
const UNUSED = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205]);

/** Compiles one changed file at a time against the rest of the project. */
export class TypeCheck {
  private readonly options: ts.CompilerOptions;
  /** All sources, since some declare members of types that others use without importing them. */
  private readonly names: readonly string[];
  private readonly parsed = new Map<string, ts.SourceFile | undefined>();
  private last: ts.Program | undefined;

  constructor() {
    const { config } = ts.readConfigFile(projectPath('tsconfig.json'), (path) => ts.sys.readFile(path));
    const sources = { ...config, include: ['src'] };
    const { options, fileNames } = ts.parseJsonConfigFileContent(sources, ts.sys, projectPath());
    this.options = options;
    this.names = fileNames;
  }

  /** What the compiler says of the file with this text; empty when it compiles. */
  problemsOf(file: string, text: string): string[] {
    const changed = projectPath(file);
    const host = ts.createCompilerHost(this.options);
    const parse = host.getSourceFile.bind(host);
    host.getSourceFile = (path, target) => {
      if (path === changed) return ts.createSourceFile(path, text, target);
      if (!this.parsed.has(path)) this.parsed.set(path, parse(path, target));
      return this.parsed.get(path);
    };
    const names = [...new Set([...this.names, changed])];
    this.last = ts.createProgram(names, this.options, host, this.last);
    const source = this.last.getSourceFile(changed);
    return [...this.last.getSyntacticDiagnostics(source), ...this.last.getSemanticDiagnostics(source)]
      .filter(({ code }) => !UNUSED.has(code))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  }
}
