// Every message to every other client, with the package ws. A reference for `Kotodama.Bench beside`.
// Usage: node ws.mjs PORT
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(`${process.cwd()}/`)('ws');
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: process.argv[3] === 'deflate' });
server.on('connection', (from) => {
  from.on('message', (data, binary) => {
    for (const client of server.clients) if (client !== from && client.readyState === 1) client.send(data, { binary });
  });
});
