import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../server/', import.meta.url));

interface File {
  /** Below server/, such as `net/permit.ts`. */
  path: string;
  text: string;
  /** What it imports, in any form: own files as paths below server/, all else as written. */
  imports: string[];
}

const IMPORT =
  /(?:\bimport|\bfrom|\brequire)\s*\(?\s*['"]([^'"]+)['"]|\bimport\.meta\.resolve\(\s*['"]([^'"]+)['"]/g;

/** Without comments, so that an address in one is not taken for code. */
const codeOf = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

function readFiles(): File[] {
  return readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => {
      const text = codeOf(readFileSync(join(SERVER, path), 'utf8'));
      const imports = [...text.matchAll(IMPORT)].map(match => {
        const name = String(match[1] ?? match[2]);
        return name.startsWith('.') ? relative(SERVER, join(SERVER, dirname(path), name)) : name;
      });
      return { path, text, imports };
    });
}

const files = readFiles();
const room = (path: string) => (path.includes('/') ? String(path.split('/')[0]) : '');

/** Fails with the names of the files that import a module without being allowed to. */
function onlyIn(modules: RegExp, allowed: (path: string) => boolean): void {
  const users = files.filter(file => file.imports.some(name => modules.test(name)));
  assert.deepEqual(
    users.filter(file => !allowed(file.path)).map(file => file.path),
    [],
  );
}

describe('the four walls', () => {
  it('sees the files and their imports', () => {
    assert.ok(files.length > 40);
    assert.ok(files.find(file => file.path === 'storage/sqlite/open.ts')?.imports.includes('node:sqlite'));
    assert.ok(files.find(file => file.path === 'hub.ts')?.imports.includes('app.ts'));
    assert.ok(files.find(file => file.path === 'main.ts')?.imports.includes('serve.ts'), 'import() too');
    assert.ok(
      files.find(file => file.path === 'mentions/receive.ts')?.imports.includes('topics/topics.ts'),
      'import type too',
    );
  });

  it('databases only in storage/', () => {
    onlyIn(/^(?:node:)?sqlite$/, path => path.startsWith('storage/sqlite/'));
    onlyIn(/^(?:mongoose|mongodb)(?:\/|$)/, path => path.startsWith('storage/mongodb/'));
  });

  it('Express only in routes.ts, web/ and app.ts', () => {
    onlyIn(/^express$/, path => path.endsWith('/routes.ts') || path.startsWith('web/') || path === 'app.ts');
  });

  it('outgoing connections only in net/', () => {
    onlyIn(/^(?:undici|(?:node:)?(?:https|http2|tls|dns|dns\/promises|dgram))$/, path =>
      path.startsWith('net/'),
    );
    for (const { path, text } of files.filter(file => !file.path.startsWith('net/'))) {
      assert.doesNotMatch(
        text,
        /(?<![\w.])fetch\(|\b(?:http|https|net|tls)\.(?:request|get|connect)\(|\bWebSocket\b/,
        path,
      );
      const named = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '(?:node:)?(?:http|net)'/g)];
      for (const [, names] of named)
        assert.doesNotMatch(String(names), /\b(?:request|get|connect|createConnection|Socket|Agent)\b/, path);
    }
  });

  it('the environment only in config.ts and main.ts', () => {
    const readers = files.filter(({ text }) =>
      /process\s*\.\s*env|process\[|import\.meta\.env|loadEnvFile/.test(text),
    );
    assert.deepEqual(
      readers.map(file => file.path).filter(path => path !== 'config.ts' && path !== 'main.ts'),
      [],
    );
  });
});

describe('the rooms', () => {
  const DOORS = ['trackback', 'pingback', 'webmention', 'submit'];

  it('mentions/ is the centre: it knows only addresses, text and the words of topics', () => {
    for (const { path, imports } of files.filter(file => room(file.path) === 'mentions')) {
      for (const name of imports.filter(one => one.endsWith('.ts'))) {
        const known = ['mentions', 'topics', 'net', 'text'].includes(room(name));
        assert.ok(known, `${path} imports ${name}`);
      }
    }
  });

  it('the doors do not know each other', () => {
    for (const { path, imports } of files.filter(file => DOORS.includes(room(file.path)))) {
      for (const name of imports)
        assert.ok(!DOORS.includes(room(name)) || room(name) === room(path), `${path} imports ${name}`);
    }
  });

  it('nothing above storage/ knows which engine it is on', () => {
    const engines = /^storage\/(?:sqlite|mongodb)\//;
    for (const { path, imports } of files.filter(file => room(file.path) !== 'storage')) {
      assert.ok(!imports.some(name => engines.test(name)), path);
    }
  });

  it('looker threads know neither storage nor Express', () => {
    const seen = new Set<string>();
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const name of files.find(file => file.path === path)?.imports ?? []) visit(name);
    };
    visit('verification/looker.ts');
    assert.ok(seen.has('net/fetch-page.ts'));
    for (const name of seen) assert.doesNotMatch(name, /^(?:storage\/|express|node:sqlite|mongoose)/);
  });
});

describe('the house', () => {
  it('has no file over 250 lines, and no drawer for odds and ends', () => {
    for (const { path } of files) {
      const lines = readFileSync(join(SERVER, path), 'utf8').split('\n').length;
      assert.ok(lines <= 250, `${path} has ${lines} lines`);
      assert.doesNotMatch(path, /(?:^|\/)(?:utils?|common|misc|index)\.ts$/);
    }
  });

  it('names every dependency that is imported, and imports every one that is named', () => {
    const root = new URL('../', import.meta.url);
    const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    const scripts = readdirSync(new URL('scripts/', root), { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.ts'))
      .map(path => codeOf(readFileSync(new URL(`scripts/${path}`, root), 'utf8')))
      .flatMap(text => [...text.matchAll(IMPORT)].map(match => String(match[1])));
    const used = [...files.flatMap(file => file.imports), ...scripts]
      .filter(name => /^[\w@][\w@./:-]*$/.test(name))
      .filter(name => !name.endsWith('.ts') && !name.startsWith('.') && !name.startsWith('node:'))
      .filter(name => !builtinModules.includes(name))
      .map(name => name.split('/')[0] as string);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(dependencies).sort());
  });

  it('needs a browser for test/browser/ alone, which npm test does not run', () => {
    const tests = new URL('./', import.meta.url);
    const driving = readdirSync(tests, { recursive: true, encoding: 'utf8' })
      .filter(path => /\.[jt]s$/.test(path))
      .filter(path => /from '(?:playwright-core|axe-core)'/.test(readFileSync(new URL(path, tests), 'utf8')));
    assert.notEqual(driving.length, 0);
    for (const path of driving) assert.match(path, /^browser\/[\w-]+(?:\.browser)?\.ts$/);
  });

  it('has a reason in the README for every dependency, at an exact version', () => {
    const root = new URL('../', import.meta.url);
    const readme = readFileSync(new URL('README.md', root), 'utf8');
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(new URL('package.json', root), 'utf8'),
    );
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    })) {
      assert.match(String(version), /^\d+\.\d+\.\d+$/, name);
      assert.ok(readme.includes(`\`${name}\``), `README.md says nothing of ${name}`);
    }
  });
});
