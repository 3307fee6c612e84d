/*
 * A cl.exe for Wine: hands the call to a clang-cl of the Linux host (COMPILER, given when this is compiled) and
 * gives back its output, exit status and files as a compiler on Windows would.
 *
 * Wine starts Linux programs but gives no handle to wait on. So the call becomes a shell script in a temporary
 * folder of its own, which at last renames a file with the exit status into place, and this program waits for it.
 *
 * What it does beyond that:
 *   - CL, _CL_ and response files (UTF-8, UTF-16, ANSI) are put into the command line here;
 *   - paths in arguments and in INCLUDE and its like become Linux paths, whatever their case and their slashes;
 *   - paths in include notes, diagnostics and search lists become absolute Windows paths again, below what the line
 *     names as it spells it (a share, an 8.3 name, `\\?\`), and lines end in CR LF;
 *   - each source is named on stdout, as cl does;
 *   - /MP is taken without a word.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

#define WAIT_LIMIT_MS 300000
#define NESTED_RESPONSE_FILES 13
#define BRIDGE_FAILED 97

typedef char *(CDECL *UnixFileName)(LPCWSTR);
static UnixFileName unixFileName;

static void fail(const char *what) {
  fprintf(stderr, "cl bridge: %s (error %lu)\n", what, GetLastError());
  ExitProcess(BRIDGE_FAILED);
}

static void *allocate(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) fail("out of memory");
  return memory;
}

/* ---- text ---- */

typedef struct {
  char *bytes;
  size_t length, capacity;
} Text;

static void appendBytes(Text *text, const char *bytes, size_t length) {
  if (text->length + length + 1 > text->capacity) {
    text->capacity = (text->length + length + 1) * 2;
    text->bytes = realloc(text->bytes, text->capacity);
    if (!text->bytes) fail("out of memory");
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = 0;
}

static void append(Text *text, const char *string) { appendBytes(text, string, strlen(string)); }

static char *toUtf8(const wchar_t *wide) {
  int length = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
  char *utf8 = allocate(length);
  WideCharToMultiByte(CP_UTF8, 0, wide, -1, utf8, length, NULL, NULL);
  return utf8;
}

static wchar_t *toWide(UINT codePage, DWORD flags, const char *bytes, int length) {
  int wideLength = MultiByteToWideChar(codePage, flags, bytes, length, NULL, 0);
  if (length > 0 && wideLength == 0) return NULL;
  wchar_t *wide = allocate((wideLength + 1) * sizeof(wchar_t));
  MultiByteToWideChar(codePage, flags, bytes, length, wide, wideLength);
  wide[wideLength] = 0;
  return wide;
}

static void appendQuoted(Text *script, const char *word) {
  append(script, "'");
  for (; *word; word++) {
    if (*word == '\'') append(script, "'\\''");
    else appendBytes(script, word, 1);
  }
  append(script, "'");
}

/* ---- paths ---- */

static int hasDrive(const wchar_t *path) {
  return ((path[0] | 32) >= 'a' && (path[0] | 32) <= 'z') && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
}

static int isSeparator(wchar_t c) { return c == '\\' || c == '/'; }

/* The Linux name of an absolute Windows path; Wine finds it in any case, also if its last part is not there yet. */
static char *absoluteToUnix(const wchar_t *path) {
  wchar_t *plain = allocate((wcslen(path) + 1) * sizeof(wchar_t));
  wcscpy(plain, path);
  for (wchar_t *c = plain; *c; c++) {
    if (*c == '/') *c = '\\';
  }
  char *found = unixFileName(plain);
  if (found) return found;
  char *guess = toUtf8(plain + 2);
  for (char *c = guess; *c; c++) {
    if (*c == '\\') *c = '/';
  }
  return guess;
}

static char *workingFolder;

/* How the line spells what has this Linux name. */
typedef struct {
  char *unixName, *spelled;
  size_t length;
} Spelling;
static Spelling *spellings;
static size_t spellingCount;

static void remember(const wchar_t *spelled, const char *unixName) {
  char *plain = toUtf8(spelled);
  for (size_t end = strlen(plain); end > 0 && isSeparator(plain[end - 1]);) plain[--end] = 0;
  spellings = realloc(spellings, (spellingCount + 1) * sizeof(Spelling));
  if (!spellings) fail("out of memory");
  char *copy = allocate(strlen(unixName) + 1);
  strcpy(copy, unixName);
  spellings[spellingCount++] = (Spelling){copy, plain, strlen(copy)};
}

/* The first of the longest that are `path` or a folder above it. */
static const Spelling *spellingOf(const char *path) {
  const Spelling *best = NULL;
  for (const Spelling *one = spellings; one < spellings + spellingCount; one++) {
    char after = strncmp(path, one->unixName, one->length) == 0 ? path[one->length] : 'x';
    if ((after == 0 || after == '/') && (!best || one->length > best->length)) best = one;
  }
  return best;
}

static char *pathToUnix(const wchar_t *path) {
  size_t length = wcslen(path);
  if (length == 0) return toUtf8(path);
  wchar_t full[32768];
  DWORD fullLength = GetFullPathNameW(path, 32768, full, NULL);
  if (fullLength == 0 || fullLength >= 32768) return toUtf8(path);
  char *absolute = absoluteToUnix(full);
  size_t absoluteLength = strlen(absolute);
  if (absoluteLength > 1 && absolute[absoluteLength - 1] == '/') absolute[--absoluteLength] = 0;

  Text result = {0};
  size_t folderLength = strlen(workingFolder);
  if (hasDrive(path) || isSeparator(path[0])) {
    append(&result, absolute);
    remember(path, absolute);
  } else if (path[0] != '.' && strncmp(absolute, workingFolder, folderLength) == 0 && absolute[folderLength] == '/') {
    append(&result, absolute + folderLength + 1);
  } else {
    char *relative = toUtf8(path);
    for (char *c = relative; *c; c++) {
      if (*c == '\\') *c = '/';
    }
    append(&result, relative);
  }
  if (isSeparator(path[length - 1]) && result.length > 0 && result.bytes[result.length - 1] != '/') append(&result, "/");
  return result.bytes;
}

/* A path as an argument of its own: two slashes keep clang-cl from taking /Users for an option. */
static char *pathToArgument(const wchar_t *path) {
  char *translated = pathToUnix(path);
  if (translated[0] != '/') return translated;
  Text result = {0};
  append(&result, "/");
  append(&result, translated);
  return result.bytes;
}

/* The headers beside a source are named after the folder as the source's path spells it. */
static void rememberFolderOf(const wchar_t *source) {
  size_t length = wcslen(source);
  while (length > 0 && !isSeparator(source[length - 1])) length--;
  if (length < 2) return;
  wchar_t *folder = allocate((length + 1) * sizeof(wchar_t));
  wcsncpy(folder, source, length);
  folder[length] = 0;
  free(pathToUnix(folder));
}

static void appendWindowsPath(Text *output, const char *path, size_t length) {
  while (length > 2 && path[0] == '.' && path[1] == '/') {
    path += 2;
    length -= 2;
  }
  while (length > 1 && path[0] == '/' && path[1] == '/') {
    path++;
    length--;
  }
  Text whole = {0};
  if (path[0] != '/') {
    append(&whole, workingFolder);
    append(&whole, "/");
  }
  appendBytes(&whole, path, length);
  char *start = whole.bytes;
  const Spelling *spelling = spellingOf(start);
  if (spelling) {
    append(output, spelling->spelled);
    start += spelling->length;
  }
  char *device = strstr(start, "/dosdevices/");
  if (!spelling && device && device[13] == ':') {
    start = device + 12;
    if (*start >= 'a') *start -= 32;
  } else if (!spelling) {
    append(output, "Z:");
  }
  for (char *c = start; *c; c++) {
    if (*c == '/') *c = '\\';
  }
  append(output, start);
}

/* ---- arguments ---- */

static Text command;
static int inputs, quietAboutSources, afterDashes;
static enum { NOTHING, A_PATH, AS_IT_IS } expectedValue;

static const wchar_t *const PATH_OPTIONS[] = {
    L"clang:-isystem", L"clang:-include", L"external:I", L"winsysroot", L"clang:-MF", L"clang:-o", L"clang:-I",
    L"isystem",        L"imsvc",          L"clang:",     L"Fo",         L"Fd",        L"Fe",       L"Fa",
    L"Fi",             L"Fm",             L"Fp",         L"FR",         L"Fr",        L"FI",       L"FU",
    L"AI",             L"Tc",             L"Tp",         L"I",          L"o"};
static const wchar_t *const SEPARATE_PATH_OPTIONS[] = {L"external:I", L"winsysroot", L"isystem", L"imsvc", L"FI", L"FU",
                                                       L"AI",         L"Tc",         L"Tp",      L"I",     L"o"};
static const wchar_t *const QUIET_OPTIONS[] = {L"E", L"EP", L"P", L"?", L"help", L"-version", L"-help", L"v", L"###"};

static void addWord(const char *word) {
  append(&command, " ");
  appendQuoted(&command, word);
}

static int isOneOf(const wchar_t *name, const wchar_t *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (wcscmp(name, names[i]) == 0) return 1;
  }
  return 0;
}
#define IS_ONE_OF(name, names) isOneOf(name, names, sizeof(names) / sizeof(*names))

static void addOption(const wchar_t *argument) {
  const wchar_t *name = argument + 1;
  if (wcsncmp(name, L"MP", 2) == 0 && wcsspn(name + 2, L"0123456789") == wcslen(name + 2)) return;
  if (IS_ONE_OF(name, QUIET_OPTIONS)) quietAboutSources = 1;
  if (IS_ONE_OF(name, SEPARATE_PATH_OPTIONS)) {
    expectedValue = A_PATH;
    if (name[0] == 'T') inputs++;
  } else if (wcscmp(name, L"D") == 0 || wcscmp(name, L"U") == 0) {
    expectedValue = AS_IT_IS;
  }
  for (size_t i = 0; i < sizeof(PATH_OPTIONS) / sizeof(*PATH_OPTIONS); i++) {
    size_t length = wcslen(PATH_OPTIONS[i]);
    if (wcsncmp(name, PATH_OPTIONS[i], length) != 0 || !name[length]) continue;
    const wchar_t *value = name + length;
    if (wcscmp(PATH_OPTIONS[i], L"clang:") == 0 && !hasDrive(value)) break;
    if (wcscmp(PATH_OPTIONS[i], L"o") == 0 && !hasDrive(value)) break; /* /openmp and the like */
    if (name[0] == 'T') inputs++;
    wchar_t *head = allocate((length + 3) * sizeof(wchar_t));
    wcsncpy(head, argument, length + 1);
    head[length + 1] = 0;
    if (value[0] == ':') {
      wcscat(head, L":");
      value++;
    }
    Text word = {0};
    append(&word, toUtf8(head));
    append(&word, pathToUnix(value));
    addWord(word.bytes);
    return;
  }
  addWord(toUtf8(argument));
}

static void addArguments(wchar_t *text, int depth, int fromVariable);

static char *readWhole(const wchar_t *path, size_t *length) {
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                            OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return NULL;
  DWORD size = GetFileSize(file, NULL), done = 0;
  char *bytes = allocate((size_t)size + 2);
  DWORD total = 0;
  while (total < size && ReadFile(file, bytes + total, size - total, &done, NULL) && done > 0) total += done;
  CloseHandle(file);
  bytes[total] = bytes[total + 1] = 0;
  *length = total;
  return bytes;
}

static wchar_t *decodeResponseFile(char *bytes, size_t length) {
  unsigned char *b = (unsigned char *)bytes;
  if (length >= 2 && b[0] == 0xFF && b[1] == 0xFE) return (wchar_t *)(bytes + 2);
  if (length >= 2 && b[0] == 0xFE && b[1] == 0xFF) {
    for (size_t i = 0; i + 1 < length; i += 2) {
      char high = bytes[i];
      bytes[i] = bytes[i + 1];
      bytes[i + 1] = high;
    }
    return (wchar_t *)(bytes + 2);
  }
  if (length >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF) return toWide(CP_UTF8, 0, bytes + 3, length - 3);
  wchar_t *text = toWide(CP_UTF8, MB_ERR_INVALID_CHARS, bytes, length);
  return text ? text : toWide(CP_ACP, 0, bytes, length);
}

static void addArgument(wchar_t *argument, int depth, int fromVariable) {
  if (expectedValue != NOTHING) {
    char *word = expectedValue == A_PATH ? pathToArgument(argument) : toUtf8(argument);
    expectedValue = NOTHING;
    addWord(word);
    return;
  }
  if (!afterDashes && argument[0] == '@' && argument[1]) {
    size_t length;
    char *bytes = depth < NESTED_RESPONSE_FILES ? readWhole(argument + 1, &length) : NULL;
    if (bytes) {
      addArguments(decodeResponseFile(bytes, length), depth + 1, 0);
      return;
    }
  }
  if (!afterDashes && wcscmp(argument, L"--") == 0) {
    afterDashes = 1;
    addWord("--");
    return;
  }
  if (!afterDashes && (argument[0] == '/' || argument[0] == '-')) {
    if (fromVariable && argument[1] == 'D') {
      wchar_t *sign = wcspbrk(argument, L"#=");
      if (sign) *sign = '=';
    }
    addOption(argument);
    return;
  }
  inputs++;
  rememberFolderOf(argument);
  addWord(afterDashes ? pathToUnix(argument) : pathToArgument(argument));
}

/* Splits the text of a response file or a variable by the rules of the C runtime; line ends are blanks. */
static void addArguments(wchar_t *text, int depth, int fromVariable) {
  wchar_t *word = allocate((wcslen(text) + 1) * sizeof(wchar_t));
  while (*text) {
    while (*text && wcschr(L" \t\r\n\f", *text)) text++;
    if (!*text) break;
    size_t length = 0;
    int quoted = 0;
    while (*text && (quoted || !wcschr(L" \t\r\n\f", *text))) {
      size_t backslashes = 0;
      while (text[backslashes] == '\\') backslashes++;
      if (text[backslashes] == '"') {
        for (size_t i = 0; i < backslashes / 2; i++) word[length++] = '\\';
        text += backslashes;
        if (backslashes % 2) {
          word[length++] = '"';
        } else if (quoted && text[1] == '"') {
          word[length++] = '"';
          text++;
        } else {
          quoted = !quoted;
        }
        text++;
      } else if (backslashes) {
        for (size_t i = 0; i < backslashes; i++) word[length++] = '\\';
        text += backslashes;
      } else {
        word[length++] = *text++;
      }
    }
    word[length] = 0;
    wchar_t *copy = allocate((length + 1) * sizeof(wchar_t));
    wcscpy(copy, word);
    addArgument(copy, depth, fromVariable);
  }
  free(word);
}

static wchar_t *variable(const wchar_t *name) {
  DWORD length = GetEnvironmentVariableW(name, NULL, 0);
  if (length == 0) return NULL;
  wchar_t *value = allocate(length * sizeof(wchar_t));
  GetEnvironmentVariableW(name, value, length);
  return value;
}

static void exportFolders(Text *script, const wchar_t *name) {
  wchar_t *value = variable(name);
  if (!value) return;
  Text folders = {0};
  append(&folders, "");
  for (wchar_t *start = value; start;) {
    wchar_t *end = wcschr(start, ';');
    if (end) *end = 0;
    append(&folders, pathToUnix(start));
    if (end) append(&folders, ";");
    start = end ? end + 1 : NULL;
  }
  append(script, "export ");
  append(script, toUtf8(name));
  append(script, "=");
  appendQuoted(script, folders.bytes);
  append(script, "\n");
}

/* ---- output ---- */

static void writeAll(HANDLE to, const char *bytes, size_t length) {
  DWORD written;
  while (length > 0 && WriteFile(to, bytes, length > 65536 ? 65536 : (DWORD)length, &written, NULL) && written > 0) {
    bytes += written;
    length -= written;
  }
}

static const char NOTE[] = "Note: including file:";
static const char INCLUDED_FROM[] = "In file included from ";

static const char LIST_START[] = "search starts here:";
static const char LIST_END[] = "End of search list.";
static int inSearchList;

static int contains(const char *line, size_t length, const char *text) {
  size_t textLength = strlen(text);
  for (size_t i = 0; i + textLength <= length; i++) {
    if (strncmp(line + i, text, textLength) == 0) return 1;
  }
  return 0;
}

static void appendLine(Text *output, const char *line, size_t length) {
  size_t head = 0;
  if (contains(line, length, LIST_START)) inSearchList = 1;
  if (contains(line, length, LIST_END)) inSearchList = 0;
  if (inSearchList && length > 1 && line[0] == ' ') {
    append(output, " ");
    appendWindowsPath(output, line + 1, length - 1);
    return;
  }
  if (length > sizeof NOTE && strncmp(line, NOTE, sizeof NOTE - 1) == 0) {
    head = sizeof NOTE - 1;
    while (head < length && line[head] == ' ') head++;
    appendBytes(output, line, head);
    appendWindowsPath(output, line + head, length - head);
    return;
  }
  if (length > sizeof INCLUDED_FROM && strncmp(line, INCLUDED_FROM, sizeof INCLUDED_FROM - 1) == 0) {
    head = sizeof INCLUDED_FROM - 1;
  }
  size_t end = head;
  while (end < length && line[end] != '(' && line[end] != ':') end++;
  int isPlace = end + 1 < length && line[head] == '/' && line[end + 1] >= '0' && line[end + 1] <= '9';
  if (isPlace) {
    appendBytes(output, line, head);
    appendWindowsPath(output, line + head, end - head);
    head = end;
  } else {
    head = 0;
  }
  appendBytes(output, line + head, length - head);
}

static void passOn(const wchar_t *file, DWORD standardHandle) {
  size_t length;
  char *bytes = readWhole(file, &length);
  if (!bytes || length == 0) return;
  Text output = {0};
  for (size_t start = 0; start < length;) {
    char *lineEnd = memchr(bytes + start, '\n', length - start);
    size_t end = lineEnd ? (size_t)(lineEnd - bytes) : length;
    size_t textEnd = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
    appendLine(&output, bytes + start, textEnd - start);
    if (lineEnd) append(&output, "\r\n");
    start = end + 1;
  }
  writeAll(GetStdHandle(standardHandle), output.bytes, output.length);
}

/* ---- the call ---- */

static wchar_t folder[MAX_PATH + 64];

static wchar_t *inFolder(const wchar_t *name) {
  wchar_t *path = allocate((wcslen(folder) + wcslen(name) + 2) * sizeof(wchar_t));
  swprintf(path, wcslen(folder) + wcslen(name) + 2, L"%ls\\%ls", folder, name);
  return path;
}

static void makeFolder(void) {
  wchar_t temporary[MAX_PATH];
  if (!GetTempPathW(MAX_PATH, temporary)) fail("no temporary folder");
  for (int attempt = 0; attempt < 100; attempt++) {
    LARGE_INTEGER ticks;
    QueryPerformanceCounter(&ticks);
    swprintf(folder, MAX_PATH + 64, L"%lscl-%lx-%llx-%d", temporary, GetCurrentProcessId(), ticks.QuadPart, attempt);
    if (CreateDirectoryW(folder, NULL)) return;
  }
  fail("cannot make a temporary folder");
}

static void writeFile(const wchar_t *path, const char *bytes, size_t length) {
  HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) fail("cannot write the script");
  writeAll(file, bytes, length);
  CloseHandle(file);
}

static void removeFolder(void) {
  const wchar_t *const names[] = {L"out", L"err", L"status", L"script"};
  for (int i = 0; i < 4; i++) DeleteFileW(inFolder(names[i]));
  RemoveDirectoryW(folder);
}

static void startScript(void) {
  char *script = absoluteToUnix(inFolder(L"script"));
  wchar_t line[1024];
  swprintf(line, 1024, L"Z:\\bin\\sh \"%ls\"", toWide(CP_UTF8, 0, script, strlen(script)));
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process;
  if (!CreateProcessW(L"Z:\\bin\\sh", line, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &startup, &process)) {
    fail("cannot start the shell");
  }
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
}

static int waitForStatus(void) {
  wchar_t *path = inFolder(L"status");
  DWORD start = GetTickCount();
  while (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES) {
    if (GetTickCount() - start > WAIT_LIMIT_MS) fail("the compiler does not end");
    Sleep(2);
  }
  size_t length;
  char *status = readWhole(path, &length);
  if (!status) fail("no exit status");
  return atoi(status);
}

int wmain(int argc, wchar_t **argv) {
  unixFileName = (UnixFileName)(void *)GetProcAddress(GetModuleHandleW(L"kernel32"), "wine_get_unix_file_name");
  if (!unixFileName) fail("this program works under Wine only");
  wchar_t current[32768];
  GetCurrentDirectoryW(32768, current);
  workingFolder = absoluteToUnix(current);
  size_t length = strlen(workingFolder);
  if (length > 1 && workingFolder[length - 1] == '/') workingFolder[length - 1] = 0;

  wchar_t *before = variable(L"CL"), *after = variable(L"_CL_");
  if (before) addArguments(before, 0, 1);
  for (int i = 1; i < argc; i++) addArgument(argv[i], 0, 0);
  if (after) addArguments(after, 0, 1);

  makeFolder();
  Text script = {0};
  char *unixFolder = absoluteToUnix(folder);
  append(&script, "cd ");
  appendQuoted(&script, workingFolder);
  append(&script, "\nunset CL _CL_\n");
  exportFolders(&script, L"INCLUDE");
  exportFolders(&script, L"EXTERNAL_INCLUDE");
  exportFolders(&script, L"LIB");
  exportFolders(&script, L"LIBPATH");
  append(&script, "t=");
  appendQuoted(&script, unixFolder);
  append(&script, "\n" COMPILER);
  if (inputs > 0 && !quietAboutSources) append(&script, " /showFilenames");
  append(&script, command.bytes ? command.bytes : "");
  append(&script, " </dev/null >\"$t/out\" 2>\"$t/err\"\necho $? >\"$t/status.new\"\nmv \"$t/status.new\" \"$t/status\"\n");
  writeFile(inFolder(L"script"), script.bytes, script.length);
  startScript();
  int status = waitForStatus();
  passOn(inFolder(L"out"), STD_OUTPUT_HANDLE);
  passOn(inFolder(L"err"), STD_ERROR_HANDLE);
  removeFolder();
  ExitProcess(status);
}
