#!/bin/sh
# Everything a backend can say, with curl. Usage: samples/curl.sh [http://localhost:8765]
set -eu
hub=$(printf %s "${1:-${KOTODAMA_URL:-http://localhost:8765}}" | sed -e 's,^ws,http,' -e 's,/*$,,')

send() {
    curl --silent --show-error --fail-with-body --noproxy '*' -H 'Content-Type: application/json' -d "$1" "$hub/api/messages${2:-}"
    echo
}

send '{"type":"status","content":"Thinking …"}'
sleep 1
send '{"type":"llm_response","content":"你好！ Hello! こんにちは！","duration":8000,"emotion":"joy","motion":"wave"}' '?wait=displayed'
sleep 4

# A reply that grows while it is written. The closing message has the same id and the whole text.
send '{"type":"llm_delta","id":"story-1","part":0,"content":"Once upon a time "}'
sleep 1
send '{"type":"llm_delta","id":"story-1","part":1,"content":"there was a program without a face."}'
sleep 1
send '{"type":"llm_response","id":"story-1","content":"Once upon a time there was a program without a face."}'
sleep 3

send '{"type":"motion","name":"nod"}'
send '{"type":"expression","name":"shy","duration":3000}'
sleep 3
send '{"type":"status","content":""}'
send '{"type":"stop"}'
