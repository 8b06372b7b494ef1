/** A Deployment of forty-odd lines, its Service and what they need: documents as people keep them in one file. */
function documentsOf(index: number): readonly string[] {
  const env = Array.from({ length: 6 }, (_, number) => `            - name: SETTING_${number}\n              value: "${number}"\n`);
  return [
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  namespace: shop
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web-${index}
  strategy:
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 1
  template:
    metadata:
      labels:
        app: web-${index}
    spec:
      serviceAccountName: web-${index}
      containers:
        - name: web
          image: nginx:1.27
          env:
${env.join('')}          ports:
            - name: http
              containerPort: 80
          readinessProbe:
            httpGet:
              path: /
              port: http
          resources:
            limits:
              cpu: 500m
              memory: 128Mi
`,
    `apiVersion: v1
kind: Service
metadata:
  name: web-${index}
  namespace: shop
spec:
  selector:
    app: web-${index}
  ports:
    - name: http
      port: 80
      targetPort: http
`,
    `apiVersion: v1
kind: ConfigMap
metadata:
  name: web-${index}
  namespace: shop
data:
  color: blue
`,
    `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web-${index}
  namespace: shop
`,
  ];
}

/** A file of at least so many lines. */
export function manifestOf(lines: number, first = 0): string {
  const parts: string[] = [];
  let long = 0;
  for (let index = first; long < lines; index++) {
    for (const document of documentsOf(index)) {
      parts.push(document);
      long += document.split('\n').length;
    }
  }
  return parts.join('---\n');
}

/** What is typed at the end of a file, key by key: a Pod from nothing. */
export const script = `---
apiVersion: v1
kind: Pod
metadata:
  name: typed
spec:
  containers:
    - name: main
      image: busybox
      imagePullPolicy: Always
      ports:
        - containerPort: 80
`;
