/**
 * A SAML 2.0 identity provider: `node saml-provider.mjs '{"port", "entityId", "accounts", "serviceProvider"}'`. It asks
 * who signs in, answers by the POST binding, and signs the assertion. `serviceProvider` is the only one that it answers.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import forge from 'node-forge';
import samlp from 'samlp';

const { port, entityId, accounts, serviceProvider } = JSON.parse(process.argv[2]);
const url = `http://127.0.0.1:${port}`;
const { key, cert } = makeSigningKey();
const parseRequest = promisify(samlp.parseRequest);
const getSamlResponse = promisify(samlp.getSamlResponse);

createServer((request, response) => {
  respond(request).then(
    ([type, body]) => response.writeHead(200, { 'content-type': type }).end(body),
    (error) => response.writeHead(400).end(String(error)),
  );
}).listen(port, '127.0.0.1', () => console.log('{}'));

async function respond(request) {
  const { pathname, searchParams } = new URL(request.url, url);
  if (pathname === '/metadata') return ['application/xml', metadata()];
  if (request.method === 'GET')
    return ['text/html', form(`${url}/sso`, { ...Object.fromEntries(searchParams), user: '' })];
  const sent = Object.fromEntries(new URLSearchParams(await text(request)));
  const answer = await answerOf(sent);
  return ['text/html', form(serviceProvider.acs, { SAMLResponse: answer, RelayState: sent.RelayState })];
}

async function answerOf({ SAMLRequest, user }) {
  const asked = await parseRequest({ query: {}, body: { SAMLRequest } }, {});
  if (asked.issuer !== serviceProvider.entityId || asked.assertionConsumerServiceURL !== serviceProvider.acs)
    throw new Error(`unknown service provider ${asked.issuer} at ${asked.assertionConsumerServiceURL}`);
  const { nameId, ...attributes } = accounts[user];
  const answer = await getSamlResponse(
    {
      ...{ issuer: entityId, key, cert, signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' },
      ...{ audience: asked.issuer, recipient: serviceProvider.acs, destination: serviceProvider.acs },
      ...{ inResponseTo: asked.id, lifetimeInSeconds: 300 },
      nameIdentifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract',
      profileMapper: () => ({
        getClaims: () => attributes,
        getNameIdentifier: () => ({ nameIdentifier: nameId }),
      }),
    },
    { id: nameId },
  );
  return Buffer.from(answer).toString('base64');
}

const form = (action, fields) =>
  `<form method="post" action="${action}">${Object.entries(fields)
    .map(([name, value]) => `<input name="${name}" value="${value}">`)
    .join('')}</form>`;

const metadata = () => `<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing">
      <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
        <X509Data><X509Certificate>${cert.replace(/-----[^-]+-----|\s/g, '')}</X509Certificate></X509Data>
      </KeyInfo>
    </KeyDescriptor>
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${url}/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>`;

function makeSigningKey() {
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  const name = [{ name: 'commonName', value: 'SAML provider of the tests' }];
  Object.assign(certificate, { publicKey, serialNumber: '01' });
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(privateKey, forge.md.sha256.create());
  return { key: forge.pki.privateKeyToPem(privateKey), cert: forge.pki.certificateToPem(certificate) };
}
