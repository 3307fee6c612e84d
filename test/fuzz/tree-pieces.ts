/** Parts of a source or header by which a path of the tree may get into an object, and parts by which none does. */
import type { Random } from './random.ts';

export interface Place {
  readonly language: 'c' | 'cpp';
  readonly isLinux: boolean;
  /** Only parts that say nothing of where the tree lies. */
  readonly isPathless: boolean;
}

/** Lines of some parts; `prefix` keeps their names apart from those of other files. */
export function pieces(random: Random, place: Place, prefix: string, count: number): string[] {
  const { language, isLinux, isPathless } = place;
  const all = [
    ...PLAIN,
    ...(language === 'cpp' ? PLAIN_CPP : []),
    ...(isPathless ? [] : [...OF_FILES, ...OF_FILES, ...(language === 'cpp' ? OF_CPP : [])]),
    ...(isLinux ? PLAIN_LINUX : []),
    ...(isLinux && !isPathless ? [...OF_LINUX, ...(language === 'cpp' ? OF_LINUX_CPP : [])] : []),
    ...(isLinux || isPathless || language === 'c' ? [] : OF_WINDOWS),
  ];
  return Array.from({ length: count }, (_, index) =>
    random
      .pick(all)
      .replaceAll('@', `${prefix}${index}`)
      .replaceAll('%', String(random.between(2, 99))),
  );
}

const PLAIN: readonly string[] = [
  'static int s_@(int x) { return x / %; } int f_@(int a, int b) { return s_@(a) << b; }',
  'int count_@(int n) { int s = 0; for (int i = 0; i < n; i++) s += i * %; return s; }',
  'struct s_@ { int a; char b[%]; }; int g_@(struct s_@ *p) { return p->a + p->b[1]; }',
  'const char *m_@ = __FILE_NAME__;',
  'int l_@ = __LINE__ + __COUNTER__;',
  'static const int t_@[] = { 1, 2, % }; int u_@(int i) { return t_@[i]; }',
  'const char *n_@(void) { return __func__; }',
  '#warning said here, %\nint w_@;',
  'static int unused_@;',
  'int no_return_@(int n) { if (n) return %; }',
  'void o_@(int *a, int n) {\n#pragma omp parallel for\nfor (int i = 0; i < n; i++) a[i] = i;\n}',
  '// __FILE__, __PRETTY_FUNCTION__ and "it\'s" \\\n__BASE_FILE__\nint c_@;',
  "#if 0\n__FILE__ don't /*\n#endif\n// */\nint i_@;",
];

const PLAIN_CPP: readonly string[] = [
  'template <int N> struct T_@ { static int get() { return N; } }; int t_@() { return T_@<%>::get(); }',
  'struct V_@ { virtual ~V_@(); virtual int f(); }; int V_@::f() { return %; }',
  'auto lambda_@ = [](int n) { return n * %; };',
  'inline int in_@(int x) { static int n; return n += x; } int un_@() { return in_@(%); }',
  'int b_@ = __builtin_LINE();',
];

const OF_FILES: readonly string[] = [
  'int z_@ = sizeof(__FILE__);',
  'const char *p_@ = __FILE__;',
  'int e_@(void) { return __builtin_strlen(__FILE__) + %; }',
  'char k_@ = __FILE__[sizeof(__FILE__) / 2];',
  'int y_@ = sizeof(__BASE_FILE__);',
  'const char *q_@ = __BASE_FILE__ " %";',
  '#pragma message(__FILE__)\nint r_@;',
  '_Pragma("message(__FILE__)") int r_@;',
  '#line % "other.c"\nint v_@ = sizeof(__FILE__);',
  '# % "$TREE/other.c"\nint v_@ = sizeof(__FILE__);',
  '#define J_@(a, b) a##b\nint j_@ = sizeof(J_@(__FI, LE__));',
  '#define X_@(n) __##n##__\nconst char *x_@ = X_@(FILE);',
  '#define S_@(x) #x\n#define R_@(x) S_@(x)\nint d_@ = sizeof(R_@(__FILE__));',
  'int h_@ = sizeof(__FI\\\nLE__);',
  'int h_@ = sizeof(__FI\\ \t\nLE__);',
  'void o_@(int *a, int n) {\n#pragma omp target\nfor (int i = 0; i < n; i++) a[i] = i;\n}',
  'asm(".globl i_@\\ni_@: .incbin \\"$TREE/data.bin\\"");',
  'asm(".ident \\"" __FILE__ "\\"");',
  'int wide_@ = sizeof(L"" __FILE__);',
  '__attribute__((section(".s." __FILE_NAME__))) int sec_@ = %;',
  '__attribute__((annotate(__FILE__))) int an_@ = %;',
  'int dep_@(void) __attribute__((deprecated(__FILE__))); int dq_@(void) { return dep_@(); }',
  '_Static_assert(sizeof(__FILE__) != %, "here");',
  '#if __INCLUDE_LEVEL__ > 0\nint level_@ = sizeof(__BASE_FILE__) * __INCLUDE_LEVEL__;\n#else\nint level_@;\n#endif',
];

const HASH =
  'constexpr unsigned hash_@(const char *s) { unsigned r = 7; for (; *s; s++) r = r * 31 + *s; return r; }\n';
const named = (name: string, rest: string) =>
  `${HASH}template <class T> constexpr unsigned name_@() { return hash_@(${name}); }\n${rest}`;

/** Names of types in which clang says where they stand. */
const NAMED = (name: string): readonly string[] => [
  named(name, 'int ln_@() { auto l = [] { return 1; }; return name_@<decltype(l)>(); }'),
  named(name, 'struct { int k; } us_@; int un_@() { return name_@<decltype(us_@)>(); }'),
  named(name, 'enum { EN_@ }; int en_@() { return name_@<decltype(EN_@)>(); }'),
  named(name, 'namespace { struct A_@ {}; } int an_@() { return name_@<A_@>(); }'),
  named(name, 'int lo_@() { struct L {}; return name_@<L>(); }'),
  named(name, 'int in_@() { return name_@<int>(); }'),
];

const OF_CPP: readonly string[] = [
  ...NAMED('__PRETTY_FUNCTION__'),
  `${HASH}constexpr unsigned at_@(const char *f = __builtin_FILE()) { return hash_@(f); }\nint ba_@ = at_@();`,
  `${HASH}int fi_@ = hash_@(__FILE__);`,
  `${HASH}template <unsigned N> int tn_@() { return N; } int ti_@() { return tn_@<hash_@(__FILE__)>(); }`,
  'const char *bf_@ = __builtin_FILE();',
  'struct at_@ { const char *f; static constexpr at_@ now(const char *f = __builtin_FILE(), const char *g = __builtin_FUNCTION()) { return {f}; } };\nat_@ here_@ = at_@::now();',
  '#if __has_builtin(__builtin_source_location)\n#include <source_location>\nint so_@ = std::source_location::current().file_name()[3];\n#else\nint so_@;\n#endif',
  'template <class T> int ca_@(T t) { return t(); } int cb_@() { return ca_@([] { return %; }); }',
  'namespace { int ns_@(int x) { return x * %; } } int (*ng_@())(int) { return ns_@; }',
  'const char *pf_@() { return __PRETTY_FUNCTION__; }',
  'auto la_@ = [] { return __PRETTY_FUNCTION__; }; const char *lb_@() { return la_@(); }',
];

/** With the headers of this machine. */
const PLAIN_LINUX: readonly string[] = ['#include <assert.h>\nint a_@(int x) { assert(x > %); return x; }'];

const OF_LINUX: readonly string[] = [
  '#include <assert.h>\n#undef __assert_fail\n#define __assert_fail(a, b, ...) (void)(as_@ = sizeof(b))\nint as_@; void at_@(int x) { assert(x); }',
];

const OF_LINUX_CPP: readonly string[] = [
  '#include <experimental/source_location>\nconstexpr auto sl_@ = std::experimental::source_location::current();\nconstexpr int len_@(const char *s) { int n = 0; while (s[n]) n++; return n; }\nint sn_@ = len_@(sl_@.file_name());',
];

const OF_WINDOWS: readonly string[] = [
  'namespace { int ns_@(int x) { return x * %; } } int (*ng_@())(int) { return ns_@; }',
  'const char *lf_@() { return __FUNCSIG__; }',
  ...NAMED('__FUNCSIG__'),
  'namespace { struct Q_@ { virtual int f(); }; int Q_@::f() { return %; } } void *qn_@() { return new Q_@; }',
];
