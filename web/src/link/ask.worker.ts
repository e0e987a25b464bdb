/** Longer than a server of this kind ever takes. */
const askWithin = 5_000;

// Any answer counts: a server that is degraded, or that something in front of it speaks for, can still be tried.
addEventListener('message', ({ data }: MessageEvent<string>) => {
  void fetch(data, { cache: 'no-store', signal: AbortSignal.timeout(askWithin) }).then(() => true, () => false).then((answers) => {
    postMessage(answers);
  });
});
