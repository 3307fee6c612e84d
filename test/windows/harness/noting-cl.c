/*
 * A compiler that writes each include note as it goes, as cl does: one call of the system a line, and pauses between
 * them. It takes `/showIncludes`, `/Fo` and sources, which have nothing but lines `#include "name"`, all in the working
 * folder; its object is the headers' contents one after the other. The first letter of a source is its pace:
 *   a  without a pause;  b  1 ms between two notes;  c  ten notes at once, and then 20 ms nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

static const char *leafOf(const char *path) {
  const char *slash = strrchr(path, '\\');
  return slash ? slash + 1 : path;
}

static void say(const char *head, const char *path) {
  char line[2 * MAX_PATH];
  DWORD written;
  int length = snprintf(line, sizeof line, "%s%s\r\n", head, path);
  WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), line, (DWORD)length, &written, NULL);
}

static void pauseAfter(char pace, int notes) {
  if (pace == 'b') Sleep(1);
  if (pace == 'c' && notes % 10 == 0) Sleep(20);
}

static void append(FILE *object, const char *path) {
  char bytes[4096];
  FILE *file = fopen(path, "rb");
  if (!file) return;
  for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;) fwrite(bytes, 1, length, object);
  fclose(file);
}

static int compile(const char *source, const char *objectName, int tellsHeaders) {
  char line[MAX_PATH], name[MAX_PATH], path[MAX_PATH];
  FILE *file = fopen(source, "rb");
  if (!file) return 2;
  FILE *object = fopen(objectName, "wb");
  if (!object) return 3;
  say("", leafOf(source));
  for (int notes = 0; fgets(line, sizeof line, file);) {
    if (sscanf(line, "#include \"%259[^\"]\"", name) != 1) continue;
    GetFullPathNameA(name, sizeof path, path, NULL);
    append(object, path);
    if (!tellsHeaders) continue;
    say("Note: including file: ", path);
    pauseAfter(leafOf(source)[0], ++notes);
  }
  fclose(object);
  fclose(file);
  return 0;
}

static const char *narrow(const wchar_t *text) {
  int length = WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
  char *bytes = malloc((size_t)length);
  WideCharToMultiByte(CP_ACP, 0, text, -1, bytes, length, NULL, NULL);
  return bytes;
}

/* What `/Fo` names, or the source's name with another ending when that is a folder or nothing. */
static void nameObject(char *object, const char *chosen, const char *source) {
  if (chosen && *chosen && !strchr("\\/", chosen[strlen(chosen) - 1])) {
    snprintf(object, MAX_PATH, "%s", chosen);
    return;
  }
  snprintf(object, MAX_PATH, "%s", leafOf(source));
  char *dot = strrchr(object, '.');
  if (dot) *dot = 0;
  strncat(object, ".obj", MAX_PATH - strlen(object) - 1);
}

int wmain(int argc, wchar_t **argv) {
  int tellsHeaders = 0, isQuiet = 0, status = 0;
  const char *chosen = NULL;
  for (int i = 1; i < argc; i++) {
    if (wcscmp(argv[i], L"/showIncludes") == 0) tellsHeaders = 1;
    if (wcscmp(argv[i], L"/nologo") == 0) isQuiet = 1;
    if (wcsncmp(argv[i], L"/Fo", 3) == 0) chosen = narrow(argv[i] + 3);
  }
  if (!isQuiet) fputs("Microsoft (R) C/C++ Optimizing Compiler Version 19.00.0 for x64\r\n", stderr);
  for (int i = 1; i < argc && status == 0; i++) {
    char object[MAX_PATH];
    if (argv[i][0] == '/' || argv[i][0] == '-') continue;
    const char *source = narrow(argv[i]);
    nameObject(object, chosen, source);
    status = compile(source, object, tellsHeaders);
  }
  return status;
}
