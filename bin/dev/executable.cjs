// What the executables are made of: under the names of the hash server they are that, under any other clcache.
const { execPath } = process;
if (/[\\/](?:clcache-server|clcachesrv)(?:\.exe)?$/i.test(execPath)) require('../../dist/clcache-server.cjs');
else require('../../dist/clcache.cjs');
