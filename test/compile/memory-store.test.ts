import { storeContract } from '../storage/store-contract.ts';
import { MemoryStore } from './memory-store.ts';

storeContract('The store made of memory', () => new MemoryStore());
