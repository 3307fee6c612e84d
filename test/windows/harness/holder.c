/*
 * holder FOLDER SECONDS [STOP-FILE]: opens files at random below FOLDER without any sharing, for one to six
 * milliseconds each, as a virus scanner or an indexer does. Ends after SECONDS or when STOP-FILE exists.
 * Prints how many files it held and how many it could not open.
 */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

#define MOST_FILES 20000
#define LIST_AGAIN_MS 250

static wchar_t *files[MOST_FILES];
static int count;

static void list(const wchar_t *folder) {
  wchar_t pattern[1024], path[1024];
  WIN32_FIND_DATAW entry;
  swprintf(pattern, 1024, L"%ls\\*", folder);
  HANDLE search = FindFirstFileW(pattern, &entry);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    if (wcscmp(entry.cFileName, L".") == 0 || wcscmp(entry.cFileName, L"..") == 0) continue;
    swprintf(path, 1024, L"%ls\\%ls", folder, entry.cFileName);
    if (entry.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) list(path);
    else if (count < MOST_FILES) files[count++] = _wcsdup(path);
  } while (FindNextFileW(search, &entry));
  FindClose(search);
}

int wmain(int argc, wchar_t **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: holder FOLDER SECONDS [STOP-FILE]\n");
    return 2;
  }
  ULONGLONG end = GetTickCount64() + (ULONGLONG)(_wtof(argv[2]) * 1000), listed = 0;
  unsigned long held = 0, refused = 0;
  srand(GetTickCount() ^ GetCurrentProcessId());
  while (GetTickCount64() < end) {
    if (GetTickCount64() - listed > LIST_AGAIN_MS) {
      if (argc > 3 && GetFileAttributesW(argv[3]) != INVALID_FILE_ATTRIBUTES) break;
      while (count > 0) free(files[--count]);
      list(argv[1]);
      listed = GetTickCount64();
    }
    if (count == 0) {
      Sleep(20);
      continue;
    }
    wchar_t *path = files[(rand() * (RAND_MAX + 1ull) + rand()) % count];
    HANDLE file = CreateFileW(path, GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) {
      refused++;
      Sleep(1);
      continue;
    }
    held++;
    Sleep(1 + rand() % 6);
    CloseHandle(file);
    Sleep(rand() % 4);
  }
  printf("held %lu refused %lu\n", held, refused);
  return 0;
}
