/*
 * A compiler that a test can hold, look at and let end as it likes. It runs SCRIPTED_CL_REAL with its own
 * arguments and gives back that status. If its command line contains SCRIPTED_CL_WHEN, it also
 *   - appends to SCRIPTED_CL_REPORT one line: pid, parent's pid, how many handles it has, whether it has a
 *     console window that shows, and its command line;
 *   - makes SCRIPTED_CL_STARTED and waits until SCRIPTED_CL_GATE exists;
 *   - writes SCRIPTED_CL_STDOUT and SCRIPTED_CL_STDERR, and ends with SCRIPTED_CL_STATUS (32 bits) without
 *     running anything.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>
#include <tlhelp32.h>

static wchar_t *variable(const wchar_t *name) {
  DWORD length = GetEnvironmentVariableW(name, NULL, 0);
  if (length == 0) return NULL;
  wchar_t *value = malloc(length * sizeof(wchar_t));
  GetEnvironmentVariableW(name, value, length);
  return value;
}

static void writeText(HANDLE to, const wchar_t *text) {
  char bytes[16384];
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
  DWORD written;
  if (length > 1) WriteFile(to, bytes, length - 1, &written, NULL);
}

static void appendToFile(const wchar_t *path, const wchar_t *text) {
  HANDLE file = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return;
  writeText(file, text);
  CloseHandle(file);
}

static DWORD parentProcess(void) {
  PROCESSENTRY32W entry = {.dwSize = sizeof entry};
  HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  DWORD parent = 0;
  for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
    if (entry.th32ProcessID == GetCurrentProcessId()) parent = entry.th32ParentProcessID;
  }
  CloseHandle(snapshot);
  return parent;
}

static const wchar_t *withoutProgram(const wchar_t *line) {
  int quoted = 0;
  for (; *line && (quoted || (*line != ' ' && *line != '\t')); line++) {
    if (*line == '"') quoted = !quoted;
  }
  return line;
}

static int runReal(const wchar_t *program) {
  const wchar_t *arguments = withoutProgram(GetCommandLineW());
  wchar_t *line = malloc((wcslen(program) + wcslen(arguments) + 3) * sizeof(wchar_t));
  wcscpy(line, L"\"");
  wcscat(line, program);
  wcscat(line, L"\"");
  wcscat(line, arguments);
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process;
  if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) return 98;
  DWORD status;
  WaitForSingleObject(process.hProcess, INFINITE);
  GetExitCodeProcess(process.hProcess, &status);
  return (int)status;
}

int wmain(void) {
  wchar_t *when = variable(L"SCRIPTED_CL_WHEN"), *report = variable(L"SCRIPTED_CL_REPORT");
  wchar_t *started = variable(L"SCRIPTED_CL_STARTED"), *gate = variable(L"SCRIPTED_CL_GATE");
  wchar_t *out = variable(L"SCRIPTED_CL_STDOUT"), *err = variable(L"SCRIPTED_CL_STDERR");
  wchar_t *status = variable(L"SCRIPTED_CL_STATUS"), *real = variable(L"SCRIPTED_CL_REAL");
  if (when && wcsstr(GetCommandLineW(), when)) {
    if (report) {
      static wchar_t line[16384];
      DWORD handles = 0;
      HWND window = GetConsoleWindow();
      GetProcessHandleCount(GetCurrentProcess(), &handles);
      swprintf(line, 16384, L"pid=%lu parent=%lu handles=%lu window=%ls args=%ls\r\n", GetCurrentProcessId(), parentProcess(), handles,
               window && IsWindowVisible(window) ? L"visible" : window ? L"hidden" : L"none",
               withoutProgram(GetCommandLineW()));
      appendToFile(report, line);
    }
    if (started) appendToFile(started, L"started\r\n");
    while (gate && GetFileAttributesW(gate) == INVALID_FILE_ATTRIBUTES) Sleep(2);
    if (out) writeText(GetStdHandle(STD_OUTPUT_HANDLE), out);
    if (err) writeText(GetStdHandle(STD_ERROR_HANDLE), err);
    if (status) ExitProcess(wcstoul(status, NULL, 0));
  }
  return real ? runReal(real) : 96;
}
