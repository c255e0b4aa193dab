import type { Row } from '../row.ts'

/** Asked before TLS, for a proxy has a certificate too. */
export const proxy: readonly Row[] = [
  {
    id: 'proxy-failed',
    says: {
      'proxy-failure': [
        /proxyconnect/i,
        /407 proxy authentication/i,
        /proxy authentication required/i,
        /socks connect/i,
        /invalid proxy/i,
        // Go tells a refused CONNECT by the text of its status alone; a registry's own status has its number.
        /(?:failed to do request: \w{3,4} "URL:https\S{0,10}"|"?URL:https@BASE"?): (?:Forbidden|Bad Gateway|Service Unavailable|Internal Server Error|Gateway Timeout|Proxy Authentication Required|Unauthorized|Not Found|Bad Request|Method Not Allowed)(?=$|[\s"',;)\]])/,
      ],
    },
    example:
      'Error response from daemon: Get https://registry-1.docker.io/v2/: proxyconnect tcp: dial tcp 192.168.0.104:1087: connect: connection refused',
    lasting: 'final',
    title: 'Proxy fails',
    means: 'The runtime of {node} goes through a proxy, and the proxy does not let it through to {host}.',
    remedies: [
      {
        kind: 'advice',
        title: 'Check HTTPS_PROXY and NO_PROXY of the runtime on {node}; cluster addresses belong in NO_PROXY',
      },
    ],
  },
]

/** Names, routes and ports: what the node met before any registry answered. */
export const way: readonly Row[] = [
  {
    id: 'invalid-host-name',
    says: {
      'dns-failure': [
        /\blookup [a-z0-9.-]{0,250}_[\w.-]{0,250}(?: on \S{1,80})?: [^\n]{0,100}(?:no such host|not known)/i,
      ],
    },
    example: 'dial tcp: lookup my_registry.example on 10.0.0.2:53: no such host',
    lasting: 'final',
    title: 'Registry name is not a host name',
    means:
      'The registry in {image} has an underscore, which is not allowed in host names, so no resolver finds {host}.',
    remedies: [{ kind: 'advice', title: 'Rename the host without an underscore, and correct the image in Git' }],
  },
  {
    id: 'cluster-dns-name',
    says: {
      'dns-failure': [
        /lookup \S{1,253}\.svc(?:\.cluster\.local)?\.?\b[^\n]{0,100}no such host/i,
        /lookup \S{1,253}\.cluster\.local\b[^\n]{0,100}no such host/i,
      ],
    },
    example: 'dial tcp: lookup registry.kube-system.svc.cluster.local on 10.0.0.2:53: no such host',
    lasting: 'final',
    title: 'Cluster name in an image',
    means:
      "The image names its registry by a Service's DNS name; nodes do not use the cluster's DNS, so they cannot resolve {host}.",
    remedies: [
      { kind: 'command', title: 'Find the address of the Service', argv: ['kubectl', 'get', 'services', '-A'] },
      {
        kind: 'advice',
        title:
          "Name the Service's cluster IP (pinned) or a NodePort in the image, or make {host} a mirror in the nodes' registry configuration",
      },
    ],
  },
  {
    id: 'node-resolver-broken',
    says: {
      'dns-failure': [
        /server misbehaving/i,
        /temporary failure in name resolution/i,
        /lookup \S{1,253}(?: on \S{1,80})?: (?:read udp|dial udp|write udp|i\/o timeout|connection refused|no answer|device or resource)/i,
        /lookup \S{1,253} on \S{1,80}: [^\n]{0,200}(?:i\/o timeout|connection refused|unreachable|no route)/i,
        /no DNS servers|cannot unmarshal DNS message/i,
        /\blookup \S{1,253}: try again\b|EAI_AGAIN|temporary error during hostname resolution/i,
        /\blookup \S{1,253}(?: on \S{1,80})?: .{0,120}(?:permission denied|not permitted|cannot allocate|too many open files)/i,
      ],
    },
    // A look-up that failed otherwise than by "no such host" says nothing about the name.
    vaguely: { 'dns-failure': [/\blookup \S{1,253}(?: on \S{1,80})?: /i] },
    example: 'dial tcp: lookup registry-1.docker.io on 192.168.49.1:53: server misbehaving',
    lasting: 'transient',
    title: "Node's name resolution is broken",
    means: 'The resolver of {node} did not answer the look-up of {host}.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Check the DNS server in /etc/resolv.conf of {node}, and the way to it; do other nodes have the same fault?',
      },
      {
        kind: 'command',
        title: 'If it is this node alone, keep new pods off it',
        argv: ['kubectl', 'cordon', '{node}'],
      },
    ],
  },
  {
    id: 'registry-host-unknown',
    says: {
      'dns-failure': [
        /no such host/i,
        /name or service not known/i,
        /could not resolve host/i,
        /no address associated with hostname/i,
        /no such host is known|nodename nor servname|no data of the requested type|NXDOMAIN/i,
      ],
    },
    example: 'dial tcp: lookup registry.invalid on 172.18.0.1:53: no such host',
    lasting: 'final',
    title: 'Registry name does not exist',
    means: 'The DNS server of {node} knows no host named {host}.',
    remedies: [
      {
        kind: 'advice',
        title: 'Correct the registry in {image} (typing errors, a missing region), or its record in DNS',
      },
      { kind: 'command', title: 'Ask DNS yourself', argv: ['nslookup', '{host}'] },
    ],
  },
  {
    id: 'registry-unroutable',
    says: {
      'registry-refused': [
        /no route to host/i,
        /network is unreachable/i,
        /host is (?:down|unreachable)/i,
        /unreachable (?:host|network)/i,
        /no suitable address found|address family not supported/i,
        /network is down/i,
        /cannot assign requested address/i,
      ],
    },
    example: 'Get "https://registry.svc:5000/v2/": dial tcp 10.244.109.169:5000: connect: no route to host',
    lasting: 'transient',
    title: 'No route to the registry',
    means: '{node} has no route to the address of {host}.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Check the routes, the CNI plugin and kube-proxy on {node}; if the name gives an IPv6 address, does the node have IPv6?',
      },
    ],
  },
  {
    id: 'connection-reset',
    says: {
      'registry-refused': [
        /connection reset by peer/i,
        /forcibly closed by the remote host/i,
        /broken pipe/i,
        /(?:server closed|use of closed) (?:idle |network )?connection/i,
        /http2: .{0,80}(?:closed|GOAWAY|lost)/i,
        /stream error/i,
        /(?:^|[\s:"])EOF(?=$|[\s,"\]])/,
        /transport connection broken/i,
      ],
    },
    example: 'failed to do request: Head "https://a.example/v2/app/manifests/1": EOF',
    lasting: 'transient',
    title: 'Connection is closed',
    means: '{host}, or a proxy or firewall on the way to it, closes the connection during the transfer.',
    remedies: [
      {
        kind: 'advice',
        title: 'Look at proxies and load balancers in front of {host}, its own restarts, and the MTU on the way',
      },
    ],
  },
  {
    id: 'registry-timeout',
    says: {
      'registry-timeout': [
        /i\/o timeout/i,
        /request canceled while waiting for connection/i,
        /client\.timeout exceeded/i,
        /timeout awaiting response headers/i,
        /(?:connection|operation) timed out/i,
        /did not properly respond/i,
        /URL:https?\S{0,20}: context deadline exceeded/i,
      ],
    },
    example:
      'failed to do request: Head "https://registry-1.docker.io/v2/curlimages/curl/manifests/8.12.1": dial tcp 199.96.58.15:443: i/o timeout',
    lasting: 'transient',
    title: 'Registry does not answer',
    means: '{node} sends packets to {host}, but gets no answer.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Look for what drops the packets: a firewall, NAT, a private endpoint, a network policy, or the address of a Service that no longer exists',
      },
    ],
  },
  {
    id: 'registry-refused',
    says: {
      'registry-refused': [
        /connection refused/i,
        /because the registry is unavailable/i,
        /RegistryUnavailable/,
        /actively refused/i,
      ],
    },
    example:
      'failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/latest": dial tcp 162.125.32.13:443: connect: connection refused',
    lasting: 'transient',
    title: 'Registry refuses connections',
    means:
      'No process listens at {host}, or a firewall rejects the connection: the registry or its Service is down, or the port is wrong.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Start the registry again, or correct the port in {image}; with a mirror on localhost, see whether it runs on {node}',
      },
    ],
  },
]
