/*
 * launch STATUS-FILE MODE [GATE-FILE] PROGRAM ARGUMENTS...: runs a program as a build tool does, with its streams
 * on pipes, and copies them to its own. Writes "STATUS MILLISECONDS" to STATUS-FILE: the whole 32 bits of
 * the exit status, and the time from the program's end to the end of its pipes (long if someone inherited them).
 * Modes: pipes     the program shares this console
 *        detached  the program has no console at all, as under an IDE
 *        ctrl-c    the program runs in a console of its own, and Ctrl+C is pressed there when GATE-FILE has
 *                   appeared and all has had a moment to become quiet
 *
 * launch suspend PID, launch resume PID: stops all threads of a process, and lets them go on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

#define QUIET_MS 200

typedef struct {
  HANDLE from, to;
} Stream;

static DWORD WINAPI copyStream(void *parameter) {
  Stream *stream = parameter;
  char buffer[65536];
  DWORD length, written;
  while (ReadFile(stream->from, buffer, sizeof buffer, &length, NULL) && length > 0) {
    WriteFile(stream->to, buffer, length, &written, NULL);
  }
  return 0;
}

static HANDLE pipeTo(HANDLE to, HANDLE *childEnd) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  Stream *stream = malloc(sizeof *stream);
  stream->to = to;
  CreatePipe(&stream->from, childEnd, &inherited, 0);
  SetHandleInformation(stream->from, HANDLE_FLAG_INHERIT, 0);
  return CreateThread(NULL, 0, copyStream, stream, 0, NULL);
}

static const wchar_t *skipWord(const wchar_t *line) {
  int quoted = 0;
  for (; *line && (quoted || (*line != ' ' && *line != '\t')); line++) {
    if (*line == '"') quoted = !quoted;
  }
  while (*line == ' ' || *line == '\t') line++;
  return line;
}

static int suspendOrResume(const wchar_t *what, DWORD pid) {
  typedef LONG(NTAPI * Function)(HANDLE);
  const char *name = wcscmp(what, L"suspend") == 0 ? "NtSuspendProcess" : "NtResumeProcess";
  Function function = (Function)(void *)GetProcAddress(GetModuleHandleW(L"ntdll"), name);
  HANDLE process = OpenProcess(PROCESS_SUSPEND_RESUME, FALSE, pid);
  return process && function && function(process) == 0 ? 0 : 97;
}

int wmain(int argc, wchar_t **argv) {
  if (argc == 3) return suspendOrResume(argv[1], wcstoul(argv[2], NULL, 10));
  if (argc < 4) return 2;
  int ctrlC = wcscmp(argv[2], L"ctrl-c") == 0, detached = wcscmp(argv[2], L"detached") == 0;
  const wchar_t *rest = GetCommandLineW();
  for (int i = 0; i < (ctrlC ? 4 : 3); i++) rest = skipWord(rest);

  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE), err = GetStdHandle(STD_ERROR_HANDLE);
  if (ctrlC) {
    FreeConsole();
    AllocConsole();
    SetConsoleCtrlHandler(NULL, FALSE);
  }
  HANDLE threads[2];
  threads[0] = pipeTo(out, &startup.hStdOutput);
  threads[1] = pipeTo(err, &startup.hStdError);
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  startup.hStdInput = CreateFileW(L"NUL", GENERIC_READ, 3, &inherited, OPEN_EXISTING, 0, NULL);

  PROCESS_INFORMATION process;
  wchar_t *line = _wcsdup(rest);
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, detached ? DETACHED_PROCESS : 0, NULL, NULL, &startup, &process)) {
    fprintf(stderr, "launch: cannot start (error %lu)\n", GetLastError());
    return 97;
  }
  CloseHandle(startup.hStdOutput);
  CloseHandle(startup.hStdError);
  if (ctrlC) {
    while (GetFileAttributesW(argv[3]) == INVALID_FILE_ATTRIBUTES && WaitForSingleObject(process.hProcess, 2)) continue;
    Sleep(QUIET_MS);
    SetConsoleCtrlHandler(NULL, TRUE);
    if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) fprintf(stderr, "launch: no Ctrl+C (error %lu)\n", GetLastError());
  }
  DWORD status;
  WaitForSingleObject(process.hProcess, INFINITE);
  ULONGLONG ended = GetTickCount64();
  GetExitCodeProcess(process.hProcess, &status);
  WaitForMultipleObjects(2, threads, TRUE, 30000);
  char text[100];
  int length = sprintf(text, "%lu %llu", status, GetTickCount64() - ended);
  HANDLE file = CreateFileW(argv[1], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
  DWORD written;
  WriteFile(file, text, length, &written, NULL);
  CloseHandle(file);
  return (int)status;
}
