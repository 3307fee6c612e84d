import { whileUnset } from '../../../config/while-unset.ts';

/** What the libraries of Azure read when they are loaded. They would write URLs with tokens to stderr. */
const VARIABLES = ['DEBUG', 'AZURE_LOG_LEVEL', 'TYPESPEC_RUNTIME_LOG_LEVEL'];

/** Loads a library of Azure, or a module with one, so that it logs nothing. */
export function withoutLog<T>(load: () => Promise<T>): Promise<T> {
  return whileUnset(VARIABLES, load);
}
