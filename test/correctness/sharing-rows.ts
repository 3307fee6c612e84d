/**
 * Calls in two trees with the same files. In words and files `@T@` is the current tree and `@R@` the folder of both
 * trees.
 */
export interface Row {
  readonly title: string;
  readonly args: readonly string[];
  /** In the tree, or with `../` beside it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Below the tree. */
  readonly cwd?: string;
  /** Beside the object. */
  readonly outputs?: readonly string[];
  /**
   * `shared`: the second tree gets the object of the first. `bound`: it does not, and the objects differ. `cautious`:
   * it does not, although the objects are equal.
   */
  readonly expected: 'shared' | 'bound' | 'cautious';
}

const HASH = 'constexpr unsigned h(const char*s){unsigned r=7;for(;*s;s++)r=r*31+*s;return r;}\n';
const NAME_OF = `${HASH}template<class T>constexpr unsigned n(){return h(__PRETTY_FUNCTION__);}\n`;

export const FILES: Readonly<Record<string, string>> = {
  'p.c': 'static int s(int x){return x/3;} int f(int a,int b){return s(a)<<b;}\n',
  'file.c': 'int n = sizeof(__FILE__);\n',
  'base.c': 'int n = sizeof(__BASE_FILE__);\n',
  'name.c': 'const char *n = __FILE_NAME__;\n',
  'text.c': 'const char *n = __FILE__;\n',
  'line.c': '#line 7 "other.c"\nint n = sizeof(__FILE__);\n',
  'pragma.c': '#pragma message(__FILE__)\nint n;\n',
  'h.c': '#include <h.h>\nint m = N;\n',
  'q.c': '#include "inc/h.h"\nint m = N;\n',
  'plain.c': '#include <plain.h>\nint m = N;\n',
  'macro.c': '#define H <plain.h>\n#include H\nint m = N;\n',
  'inc/h.h': 'enum { N = sizeof(__FILE__) };\n',
  'inc/plain.h': '#define N 1\n',
  'res/include/h.h': 'enum { N = sizeof(__FILE__) };\n',
  'a.c': '#include <assert.h>\nint f(int x){ return x + 1; }\n',
  'lambda.cpp': `${NAME_OF}int f(){ auto l=[]{return 1;}; return n<decltype(l)>(); }\n`,
  'unnamed.cpp': `${NAME_OF}struct { int k; } u; int f(){ return n<decltype(u)>(); }\n`,
  'enum.cpp': `${NAME_OF}enum { A }; int f(){ return n<decltype(A)>(); }\n`,
  'funcsig.cpp': `${HASH}template<class T>constexpr unsigned n(){return h(__FUNCSIG__);}
int f(){ auto l=[]{return 1;}; return n<decltype(l)>(); }\n`,
  'builtin.cpp': `${HASH}constexpr unsigned n(const char*f=__builtin_FILE()){return h(f);}\nint x = n();\n`,
  'l.cpp': 'template<class T> int g(T t){return t();}\nint f(){ auto l=[]{return 1;}; return g(l); }\n',
  'ns.cpp': 'namespace { int f(int x){return x*3;} } int (*g())(int){return f;}\n',
  'long.cpp': `namespace { template<class...T> struct P { static int v; }; template<class...T> int P<T...>::v; }
using A = P<int,char,long,short>; using B = P<A,A,A,A,A,A,A,A>; using C = P<B,B,B,B,B,B,B,B>;
using D = P<C,B,A,C,B,A,C,int,C,char,C,B,int,A,char,B,long>; template<class T> int &r(){return D::v;}
template int &r<P<D,C,D,B,D,A,D,int,D,char,D,long>>();\n`,
  'omp.c': 'void f(int*a,int n){\n#pragma omp parallel for\nfor(int i=0;i<n;i++) a[i]=i; }\n',
  'target.c': 'void f(int*a,int n){\n#pragma omp target\nfor(int i=0;i<n;i++) a[i]=i; }\n',
  'warn.c': '#warning said here, at some length, so that there is something to wrap\nint n;\n',
  'list.txt': 'src:*/one/*\n',
  'build/keep': '',
};

const MAP = '/clang:-ffile-prefix-map=@T@=.';
const WINDOWS = '--target=x86_64-pc-windows-msvc';

function absolute(name: string, ...args: readonly string[]): readonly string[] {
  return ['/c', ...args, '--', `@T@/${name}`];
}

function relative(name: string, ...args: readonly string[]): readonly string[] {
  return ['/c', ...args, '--', name];
}

/** No output depends on the tree's name, or a map replaces it. */
const SHARED: readonly (readonly [title: string, args: readonly string[], more?: Partial<Row>])[] = [
  ['an absolute source', absolute('p.c')],
  ['assert.h of the compiler', absolute('a.c')],
  ['the name of a file without its folders', absolute('name.c')],
  [
    'a word that stands in a comment',
    absolute('comment.cpp'),
    { files: { 'comment.cpp': '// __PRETTY_FUNCTION__, __FILE__\nint n;\n' } },
  ],
  ['an absolute folder of headers', absolute('plain.c', '/I@T@/inc')],
  ['the length of a relative __FILE__', relative('file.c')],
  ['__FILE__ of a header that is found by a relative folder', relative('h.c', '/Iinc')],
  ['__FILE__ that a map cuts', absolute('file.c', '/clang:-fmacro-prefix-map=@T@=.')],
  ['__FILE__ that a map of all files cuts', absolute('file.c', MAP)],
  [
    '__FILE__ that a map of the folder with its slash cuts',
    absolute('text.c', '/clang:-ffile-prefix-map=@T@/='),
  ],
  ['__BASE_FILE__ that a map cuts', absolute('base.c', MAP)],
  ['__builtin_FILE that a map cuts', absolute('builtin.cpp', MAP)],
  ['__FILE__ of a header that a map cuts', absolute('h.c', '/I@T@/inc', MAP)],
  ['__FILE__ in a message', absolute('pragma.c', MAP)],
  ['a message', absolute('warn.c')],
  ['debug information that a map cuts', absolute('p.c', '/clang:-g', MAP)],
  [
    'debug information that two maps cut',
    absolute('file.c', '/clang:-g', '/clang:-fdebug-prefix-map=@T@=.', '/clang:-fmacro-prefix-map=@T@=.'),
  ],
  ['compressed debug information that a map cuts', absolute('p.c', '/clang:-g', '/clang:-gz', MAP)],
  ['a lambda in debug information that a map cuts', absolute('l.cpp', '/clang:-g', MAP)],
  [
    'debug information of relative names and no folder',
    relative('p.c', '/clang:-g', '-fdebug-compilation-dir=.'),
  ],
  [
    'debug information of relative names and a folder outside',
    relative('p.c', '/clang:-g', '/clang:-fdebug-compilation-dir=@R@'),
  ],
  ['debug information below a mapped working folder', absolute('p.c', '/clang:-g', MAP), { cwd: 'build' }],
  [
    'split debug information that a map cuts',
    relative('p.c', '/clang:-g', '/clang:-gsplit-dwarf', MAP),
    { outputs: ['p.dwo'] },
  ],
  [
    'coverage of relative names and no folder',
    relative('p.c', '-fprofile-instr-generate', '-fcoverage-mapping', '-fcoverage-compilation-dir=.'),
  ],
  [
    'coverage of relative names and no folder at all',
    relative('p.c', '-fprofile-instr-generate', '-fcoverage-mapping', '-ffile-compilation-dir=.'),
  ],
  [
    'coverage that a map cuts',
    relative('p.c', '-fprofile-instr-generate', '-fcoverage-mapping', '/clang:-fcoverage-prefix-map=@T@=.'),
  ],
  ['a profile of relative names', relative('p.c', '-fprofile-instr-generate')],
  ['bitcode of relative names', relative('p.c', '-flto')],
  ['sanitizers of relative names', relative('p.c', '-fsanitize=undefined,address')],
  ['names made unique by a relative path', relative('p.c', '/clang:-funique-internal-linkage-names')],
  ['a lambda of a relative source', relative('lambda.cpp')],
  ['OpenMP', absolute('omp.c', '/clang:-fopenmp')],
  [
    'OpenMP with debug information of relative names',
    relative('omp.c', '/clang:-fopenmp', '/clang:-g', '-fdebug-compilation-dir=.'),
  ],
  ['an anonymous namespace of a relative source for Windows', relative('ns.cpp', WINDOWS, '/Brepro')],
  ['an absolute source for Windows', absolute('p.c', WINDOWS, '/Brepro')],
  [
    'CodeView of relative names and no folder',
    relative('p.c', WINDOWS, '/Brepro', '/Z7', '-ffile-compilation-dir=.'),
  ],
  ['CPATH with a folder of the tree', absolute('plain.c'), { env: { CPATH: '@T@/inc' } }],
];

/** The objects of the two trees differ. */
const BOUND: typeof SHARED = [
  ['the length of __FILE__', absolute('file.c')],
  ['the length of __BASE_FILE__', absolute('base.c')],
  ['__FILE__', absolute('text.c')],
  ['__builtin_FILE', absolute('builtin.cpp')],
  ['__FILE__ in a header beside the source', absolute('q.c')],
  [
    '__FILE__ that an option brings',
    absolute('where.c', '/DWHERE=__FILE__'),
    { files: { 'where.c': 'int n = sizeof(WHERE);\n' } },
  ],
  [
    '__BASE_FILE__ that an option brings in parts',
    absolute('where2.c', '/DWHERE(x)=sizeof(x)', '/DWHAT=__BASE_FILE__'),
    { files: { 'where2.c': 'int n = WHERE(WHAT);\n' } },
  ],
  // Headers of the tree that are found by an absolute path.
  ['__FILE__ of a header by /I', relative('h.c', '/I@T@/inc')],
  ['__FILE__ of a header by -isystem', relative('h.c', '/clang:-isystem', '/clang:@T@/inc')],
  ['__FILE__ of a header by -iquote', relative('h.c', '/clang:-iquote@T@/inc', '/I@T@/inc')],
  ['__FILE__ of a header by -idirafter', relative('h.c', '/clang:-idirafter@T@/inc')],
  [
    '__FILE__ of a header by -internal-isystem',
    relative('h.c', '-Xclang', '-internal-isystem', '-Xclang', '@T@/inc'),
  ],
  [
    '__FILE__ of a header by /FI',
    relative('p.c', '/FI@T@/inc/len.h'),
    { files: { 'inc/len.h': 'static const int len = sizeof(__FILE__);\nint g(void){return len;}\n' } },
  ],
  ['__FILE__ of a header by -include', relative('p.c', '/clang:-include', '/clang:@T@/inc/len.h')],
  ['__FILE__ of a header by CPATH', relative('h.c'), { env: { CPATH: '@T@/inc' } }],
  ['__FILE__ of a header by C_INCLUDE_PATH', relative('h.c'), { env: { C_INCLUDE_PATH: '@R@:@T@/inc' } }],
  ['__FILE__ of a header by INCLUDE', relative('h.c', WINDOWS, '/Brepro'), { env: { INCLUDE: '@T@/inc' } }],
  [
    '__FILE__ of a header by EXTERNAL_INCLUDE',
    relative('h.c', WINDOWS, '/Brepro'),
    { env: { EXTERNAL_INCLUDE: '@T@/inc' } },
  ],
  [
    '__FILE__ of a header by /external:env',
    relative('h.c', WINDOWS, '/Brepro', '/external:env:OWN'),
    { env: { OWN: '@T@/inc' } },
  ],
  ['__FILE__ of a header by -imsvc', relative('h.c', WINDOWS, '/Brepro', '/imsvc@T@/inc')],
  ['__FILE__ of a header by -resource-dir', relative('h.c', '-resource-dir=@T@/res')],
  [
    '__FILE__ of a header by /winsysroot',
    relative('h.c', WINDOWS, '/Brepro', '/winsysroot@T@/sr'),
    { files: { 'sr/VC/Tools/MSVC/14.0/include/h.h': 'enum { N = sizeof(__FILE__) };\n' } },
  ],
  // A header from outside whose name resembles one of the compiler's.
  [
    'a header called assert.h',
    absolute('sdk.c', '/I@R@/sdk'),
    {
      files: {
        '../sdk/rtos/assert.h': '#define N sizeof(__FILE__)\n',
        'sdk.c': '#include <rtos/assert.h>\nint n = N;\n',
      },
    },
  ],
  [
    'a header in a folder called c++',
    absolute('sdk2.c', '/I@R@/sdk/c++/v1'),
    {
      files: {
        '../sdk/c++/v1/n.h': '#define N sizeof(__FILE__)\n',
        'sdk2.c': '#include <n.h>\nint n = N;\n',
      },
    },
  ],
  [
    'a header in a folder called lib/clang',
    absolute('sdk3.c', '/clang:-isystem@R@/sdk/lib/clang/14/include'),
    {
      files: {
        '../sdk/lib/clang/14/include/n.h': '#define N sizeof(__FILE__)\n',
        'sdk3.c': '#include <n.h>\nint n = N;\n',
      },
    },
  ],
  [
    'a header in a folder called Windows Kits',
    absolute('sdk4.c'),
    {
      env: { CPATH: '@R@/sdk/Windows Kits/10' },
      files: {
        '../sdk/Windows Kits/10/n.h': '#define N sizeof(__FILE__)\n',
        'sdk4.c': '#include <n.h>\nint n = N;\n',
      },
    },
  ],
  [
    'a header in the resource folder of the user',
    absolute('sdk5.c', '-resource-dir=@R@/sdk/lib/clang/14'),
    { files: { 'sdk5.c': '#include <n.h>\nint n = N;\n' } },
  ],
  [
    'the path in an assertion, of which a map cuts the folder above the tree',
    absolute('assertion.c', '/clang:-fmacro-prefix-map=/=.'),
    { files: { 'assertion.c': '#include <assert.h>\nvoid f(int x) { assert(x > 1); }\n' } },
  ],
  [
    'assert.h whose function is a macro',
    absolute('own-assert.c'),
    {
      files: {
        'own-assert.c': `#include <assert.h>
#undef __assert_fail
#define __assert_fail(text, file, ...) (void)(n = sizeof(file))
int n; void f(int x){ assert(x); }\n`,
      },
    },
  ],
  [
    'the length of an assertion',
    absolute('text-assert.c'),
    {
      files: {
        'text-assert.c':
          '#include <assert.h>\n#define S(x) #x\n#define T(x) S(x)\nint n = sizeof(T(assert(1)));\n',
      },
    },
  ],
  // Names of types.
  ['a lambda', absolute('lambda.cpp')],
  ['an unnamed struct', absolute('unnamed.cpp')],
  ['an unnamed enumeration', absolute('enum.cpp')],
  ['a lambda that a map does not reach', absolute('lambda.cpp', MAP)],
  ['a lambda in __FUNCSIG__', absolute('funcsig.cpp', WINDOWS, '/Brepro')],
  ['an anonymous namespace for Windows', absolute('ns.cpp', WINDOWS, '/Brepro')],
  ['an anonymous namespace that a map does not reach', absolute('ns.cpp', WINDOWS, '/Brepro', MAP)],
  // Options that hash, pack or cut.
  ['names made unique', absolute('p.c', '/clang:-funique-internal-linkage-names')],
  ['a profile for instrumentation', absolute('p.c', '-fprofile-generate')],
  ['coverage of a working folder', relative('p.c', '-fprofile-instr-generate', '-fcoverage-mapping')],
  [
    'coverage of an absolute source',
    absolute('p.c', '-fprofile-instr-generate', '-fcoverage-mapping', '-fcoverage-compilation-dir=.'),
  ],
  ['bitcode', absolute('p.c', '-flto')],
  ['bitcode that a map does not reach', absolute('p.c', '-flto', MAP)],
  ['the undefined behaviour sanitizer', absolute('p.c', '-fsanitize=undefined')],
  [
    'a sanitizer that names a file without its folders',
    absolute('p.c', '-fsanitize=undefined', '-fsanitize-undefined-strip-path-components=-2'),
  ],
  [
    'a sanitizer that names a file without the first folders',
    absolute('p.c', '-fsanitize=undefined', '-fsanitize-undefined-strip-path-components=2'),
  ],
  [
    'a sanitizer’s list',
    absolute(
      'p.c',
      '-fsanitize=undefined',
      '-fsanitize-ignorelist=list.txt',
      '-fsanitize-undefined-strip-path-components=-1',
    ),
  ],
  ['the address sanitizer', absolute('text.c', '-fsanitize=address', MAP)],
  ['OpenMP with debug information', absolute('omp.c', '/clang:-fopenmp', '/clang:-g', MAP)],
  ['OpenMP’s target', relative('target.c', '/clang:-fopenmp')],
  // Debug information, and maps that leave a part of the tree's name.
  ['debug information', relative('p.c', '/clang:-g')],
  ['compressed debug information', relative('p.c', '/clang:-g', '/clang:-gz')],
  [
    'debug information that a map of the folder above leaves',
    relative('p.c', '/clang:-g', '/clang:-ffile-prefix-map=@R@=/U'),
  ],
  [
    'debug information that a map of the parent of all leaves',
    absolute('p.c', '/clang:-g', '/clang:-fdebug-prefix-map=/=/U/'),
  ],
  [
    'debug information that a map of the beginning of a name leaves',
    absolute('p.c', '/clang:-g', '/clang:-ffile-prefix-map=@R@/='),
  ],
  [
    'debug information that a map with a slash leaves',
    relative('p.c', '/clang:-g', '/clang:-ffile-prefix-map=@T@/=.'),
  ],
  [
    'debug information whose folder is that of all trees',
    absolute('p.c', '/clang:-g', '-fdebug-compilation-dir=@R@'),
  ],
  [
    'debug information in a folder of the tree',
    relative('p.c', '/clang:-g', '-fdebug-compilation-dir=@T@/build'),
  ],
  [
    'a recorded command line',
    relative('p.c', '/clang:-g', '-fdebug-compilation-dir=.', '/clang:-grecord-command-line', '/I@T@/inc'),
  ],
  ['__FILE__ that a map of the folder above leaves', absolute('file.c', '/clang:-ffile-prefix-map=@R@=')],
  ['__FILE__ that a map of all folders leaves', absolute('text.c', '/clang:-fmacro-prefix-map=/=')],
  ['__FILE__ with a map that clang-cl ignores', absolute('file.c', '-ffile-prefix-map=@T@=.')],
  ['CodeView', relative('p.c', WINDOWS, '/Brepro', '/Z7')],
  [
    'CodeView with a folder for debug information alone',
    relative('p.c', WINDOWS, '/Brepro', '/Z7', '-fdebug-compilation-dir=.'),
  ],
  [
    'CodeView that a map does not reach',
    relative('p.c', WINDOWS, '/Brepro', '/Z7', MAP, '-ffile-compilation-dir=.'),
  ],
];

/** Equal objects, but that cannot be proven. */
const CAUTIOUS: typeof SHARED = [
  ['a header that a macro names, by an absolute folder', absolute('macro.c', '/I@T@/inc')],
  ['a file that is renamed before it names itself', absolute('line.c')],
  ['a profile', absolute('p.c', '-fprofile-instr-generate')],
  ['a macro with a path', relative('p.c', '/DT="@T@"')],
  [
    'the name of a function that nobody calls',
    absolute('pretty.cpp'),
    {
      files: { 'pretty.cpp': 'template<class T> const char *n(T) { return __PRETTY_FUNCTION__; }\nint m;\n' },
    },
  ],
];

export const ROWS: readonly Row[] = (
  [
    [SHARED, 'shared'],
    [BOUND, 'bound'],
    [CAUTIOUS, 'cautious'],
  ] as const
).flatMap(([rows, expected]) => rows.map(([title, args, more]) => ({ title, args, ...more, expected })));
