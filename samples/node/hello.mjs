// Lets the character speak with what Node has built in: node samples/node/hello.mjs
// Node 22 and newer have a WebSocket; Node 20 sends the same JSON over HTTP.

const hub = new URL(process.argv[2] ?? process.env.KOTODAMA_URL ?? 'http://localhost:8765');
const hello = { type: 'llm_response', content: 'Hello from Node!', duration: 8000, emotion: 'fun', motion: 'bounce' };

async function overHttp(message) {
  const url = new URL('/api/messages', hub.href.replace(/^ws/, 'http'));
  const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(message) });
  return answer.json();
}

function overSocket(message) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(hub.href.replace(/^http/, 'ws'));
    socket.onopen = () => socket.send(JSON.stringify({ ...message, receipt: 'sent' }));
    socket.onerror = () => reject(new Error('cannot connect'));
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(data);
      if (answer.type !== 'receipt' && answer.type !== 'error') return;
      resolve(answer);
      socket.close();
    };
  });
}

try {
  const answer = await (globalThis.WebSocket ? overSocket(hello) : overHttp(hello));
  if (answer.type === 'error') console.error(`The hub refused it: ${answer.message}. ${answer.hint}`);
  else console.log(answer.pages > 0 ? `Sent to ${answer.pages} page(s).` : `No page is open yet: open ${hub.href.replace(/^ws/, 'http')} in a browser.`);
} catch (error) {
  console.error(`No hub answers at ${hub.href} (${error.cause?.code ?? error.message}). Start it: dotnet run --project src/Kotodama`);
  process.exitCode = 1;
}
