// SPDX-License-Identifier: GPL-3.0-or-later
// A Node program with objects, buffers and a worker thread.
'use strict';
const { Worker } = require('worker_threads');

const small = [];
for (let i = 0; i < 200000; i++)
  small.push({ name: 'object ' + i, values: [i, i + 1, i + 2] });
const buffers = [];
for (let i = 0; i < 20; i++)
  buffers.push(Buffer.alloc(300000, 1));

const worker = new Worker(
  'const { parentPort } = require("worker_threads");' +
    'const kept = []; for (let i = 0; i < 50000; i++) kept.push({ i });' +
    'parentPort.postMessage("made"); setInterval(() => kept.length, 100000);',
  { eval: true }
);
worker.on('message', () => console.log('ready'));
process.stdin.on('end', () => process.exit(small.length + buffers.length > 0 ? 0 : 1));
process.stdin.resume();
