/*
 * What Bun's executables need of Windows and an older Wine lacks. They import this DLL, so that it is in each of them:
 *   - ProcessPrng, which is all that they import it for;
 *   - deleting by FileDispositionInformationEx (fs.rmSync with `recursive`), which Wine 8 does not know and which
 *     becomes a FileDispositionInformation here.
 */
#include <string.h>
#include <windows.h>
#include <winternl.h>

#define FILE_DISPOSITION_INFORMATION 13
#define FILE_DISPOSITION_INFORMATION_EX 64
#define FILE_DISPOSITION_DELETE_FLAG 1

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
  while (length > 0) {
    ULONG part = length > 0x10000 ? 0x10000 : (ULONG)length;
    if (!SystemFunction036(buffer, part)) return FALSE;
    buffer += part;
    length -= part;
  }
  return TRUE;
}

typedef NTSTATUS(NTAPI *SetInformationFile)(HANDLE, PIO_STATUS_BLOCK, PVOID, ULONG, ULONG);
static SetInformationFile setInformationFile;

static NTSTATUS NTAPI setInformation(HANDLE file, PIO_STATUS_BLOCK result, PVOID data, ULONG size, ULONG what) {
  if (what != FILE_DISPOSITION_INFORMATION_EX) return setInformationFile(file, result, data, size, what);
  BOOLEAN isDeleted = (*(ULONG *)data & FILE_DISPOSITION_DELETE_FLAG) != 0;
  return setInformationFile(file, result, &isDeleted, sizeof isDeleted, FILE_DISPOSITION_INFORMATION);
}

/* Puts `replacement` where the program's import table has `original`. */
static void replaceImport(void *original, void *replacement) {
  BYTE *base = (BYTE *)GetModuleHandleW(NULL);
  IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
  IMAGE_DATA_DIRECTORY imports = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
  if (imports.Size == 0) return;
  for (IMAGE_IMPORT_DESCRIPTOR *dll = (IMAGE_IMPORT_DESCRIPTOR *)(base + imports.VirtualAddress); dll->Name; dll++) {
    for (void **entry = (void **)(base + dll->FirstThunk); *entry; entry++) {
      if (*entry != original) continue;
      DWORD protection;
      VirtualProtect(entry, sizeof *entry, PAGE_READWRITE, &protection);
      *entry = replacement;
      VirtualProtect(entry, sizeof *entry, protection, &protection);
    }
  }
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved) {
  (void)self;
  (void)reserved;
  if (reason != DLL_PROCESS_ATTACH) return TRUE;
  FARPROC original = GetProcAddress(GetModuleHandleW(L"ntdll"), "NtSetInformationFile");
  memcpy(&setInformationFile, &original, sizeof original);
  replaceImport((void *)original, (void *)setInformation);
  return TRUE;
}
