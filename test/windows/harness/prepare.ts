/** Makes the machine of the Windows tests, for which all of their files would wait. */
import { prepareMachine } from './prefix.ts';

await prepareMachine();
