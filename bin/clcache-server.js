#!/usr/bin/env node
// Starts the bundle, which is the hash server under this name.
import { createRequire } from 'node:module';

createRequire(import.meta.url)('../dist/clcache.cjs');
