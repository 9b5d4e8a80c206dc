import { join } from 'node:path';
import ts from 'typescript';

/** A rule that is taken out may leave a name unused; that is no mistake here. */
const UNUSED = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205]);

/** Compiles one changed file at a time against the rest of the project. */
export class TypeCheck {
  private readonly texts = new Map<string, string>();
  private readonly service: ts.LanguageService;
  private readonly root: string;
  /** All sources, since some declare members of types that others use without importing them. */
  private readonly sources: readonly string[];

  constructor(root: string) {
    this.root = root;
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
    const sources = { ...config, include: ['src'] };
    const { options, fileNames } = ts.parseJsonConfigFileContent(sources, ts.sys, root);
    this.sources = fileNames;
    this.service = ts.createLanguageService(this.host(options));
  }

  /** What the compiler says of the file with this text; empty when it compiles. */
  problemsOf(file: string, text: string): string[] {
    const path = join(this.root, file);
    this.texts.set(path, text);
    const found = [
      ...this.service.getSyntacticDiagnostics(path),
      ...this.service.getSemanticDiagnostics(path),
    ];
    this.texts.delete(path);
    return found
      .filter(({ code }) => !UNUSED.has(code))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  }

  private host(options: ts.CompilerOptions): ts.LanguageServiceHost {
    return {
      getScriptFileNames: () => [...new Set([...this.sources, ...this.texts.keys()])],
      getScriptVersion: (path) => String(this.texts.get(path)?.length ?? 0) + (this.texts.get(path) ?? ''),
      getScriptSnapshot: (path) => {
        const text = this.texts.get(path) ?? ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => this.root,
      getCompilationSettings: () => options,
      getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
      fileExists: (path) => ts.sys.fileExists(path),
      readFile: (path) => ts.sys.readFile(path),
      readDirectory: (...args) => ts.sys.readDirectory(...args),
      directoryExists: (path) => ts.sys.directoryExists(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
      ...(ts.sys.realpath ? { realpath: (path: string) => ts.sys.realpath!(path) } : {}),
    };
  }
}
