#!/usr/bin/env node
// Both are one program, which is the hash server under this name.
import './clcache.js';
