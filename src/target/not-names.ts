/** Words of sentences about pods and pulls, which name nothing. Only where a whole sentence was typed. */
const common: ReadonlySet<string> = new Set(
  `a about after again alert alerts all also am an and any anybody anyone app application are as at away back bad because been
  before being broken broke but by came can cannot cant check checking cluster come comes common container containers could
  crash crashed crashing crashloop currently day days dead deploy deployed deploying deployments did didnt dies do does doesnt
  doing done dont down due during each either else error errors even ever every failed failing fails failure find fine fix fixed
  for forever from gets getting give go goes going gone good got guys had happen happened happening happens has have having
  hello help here hey hi hour hours how i if image images imagepull in info inside into is isnt issue issues it its just keep
  keeps kubernetes last later let like line log logs long look looking looks lot many may maybe me minute minutes moment more
  morning most much my namespace need needs never new next no node nodes none not nothing now of off ok okay old on once one only
  open or other our out over own page pending permission pls please problem problems production pull pulled pulling pulls push
  pushed ready really reason registry release rerun restart restarted restarting right rollout run running runs same saw say
  says scheduled see seem seems seen service services should show since so some somebody somehow someone something soon start
  started starting starts state status still stop stopped stuck such team than thank thanks that the their them then there these
  they thing things this those though time times to today too tried try trying two unable under until up update updated us use
  using very via wait waiting want warning was watch way we week well went were what whats when where which while who whole why
  will with within without won wont work working works would wrong yes yesterday yet you your does't firing resolved critical
  investigate describe diagnose explain tell cannot ask asks anything everything everyone tonight version tag called named name
  longer has non-ready non-running re-run back-off image-pull pull-backoff on-call rolled dont backoff events event object type
  count message progress be fail found`.split(/\s+/),
)
/** Pairs that people write with a slash, and that are no names. */
const pairs: ReadonlySet<string> = new Set([
  'and/or',
  'n/a',
  'w/o',
  'i/o',
  'ci/cd',
  'yes/no',
  'read/write',
  'on/off',
  'tcp/ip',
  'up/down',
  'true/false',
  'his/her',
])

/** Whether a word of a sentence cannot be the name of something in a cluster. */
export function isCommonWord(word: string): boolean {
  const small = word.toLowerCase()
  return common.has(small) || pairs.has(small)
}

/** Numbers, times, versions, addresses, and words of mixed case such as `ImagePullBackOff`. */
export function isNoName(word: string): boolean {
  return (
    /[a-z][A-Z]|[A-Z]{2}/.test(word) ||
    /^v?\d[\d.:/%+-]*[a-z%]{0,3}\d*[a-z]{0,3}$/i.test(word) ||
    /^(?:\d+[dhms])+$/.test(word) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{12,}$/.test(word) ||
    /^\d{4}-\d\d-\d\d|^ip-\d+-\d+/.test(word)
  )
}
