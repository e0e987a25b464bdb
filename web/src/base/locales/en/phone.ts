/** What the panel for phones says, once it is loaded. */
export const phone = {
  'title': 'On your phone',
  'loading': 'Getting an invitation…',
  'scan': 'Scan this with the phone’s camera. The phone has to be in the same network as this machine.',
  'code': 'QR code of the address of this page, with a pass',
  'pass': 'It holds a pass: the user who scans it can see the character and talk with it until {date}.',
  'address': 'The address without the pass:',
  'others': 'Also at:',
  'warning': 'The browser warns',
  'warningText': 'This machine vouches for itself, which no browser knows by itself. The connection is encrypted all the same. '
    + 'Tap “Advanced” or “Show details”, then “Proceed” or “visit this website”.',
  'root': 'No warning any more',
  'rootText': 'Install this machine’s root certificate on the phone, once. It holds for this machine in private networks and for no site '
    + 'of the internet. The phone gets it from {address}',
  'rootLink': 'Root certificate (.crt)',
  'rootHow': 'Android: Settings, search for “CA certificate”, install. iPhone: open the file, install the profile in Settings, then turn '
    + 'it on under General, About, Certificate Trust Settings.',
  'fingerprint': 'Compare its SHA-256 on the phone:',
  'own': 'With a certificate of your own there is no warning either: kotodama --lan --tls-cert FILE --tls-key FILE.',
  'off': 'This hub listens to this machine only.',
  'offText': 'Start it with this, and a phone in the same network can open this page, with microphone and sound:',
  'nowhere': 'This machine is in no local network now. Connect it to the one that the phone is in.',
  'failed': 'There is no invitation: {reason}',
  'offline': 'There is no connection to the server.',
  'retry': 'Try again',
};

export type PhoneTexts = Readonly<Record<keyof typeof phone, string>>;
