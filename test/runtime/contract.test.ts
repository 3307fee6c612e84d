import { test } from 'node:test';
import { CONTRACT } from './contract.ts';

for (const [title, check] of Object.entries(CONTRACT)) test(`on Node.js ${title}`, check);
