// Answers what a kubelet makes of an image and of pull secrets. One JSON object a line on standard input, one on standard output.
//
//	in:  {"image": "r.io/app:1", "secrets": [{"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "<base64>"}}]}
//	out: {"reference": {"host", "repository", "tag"?, "digest"?} | null, "logins": [["user", "password"], …], "failed"?: true}
//
// "logins" stand in the order in which a kubelet tries them. "failed": it could not read the secrets, and goes on without any.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	"github.com/distribution/reference"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/secrets"
	"k8s.io/kubernetes/pkg/util/parsers"
)

type question struct {
	Image   string `json:"image"`
	Secrets []struct {
		Type string            `json:"type"`
		Data map[string][]byte `json:"data"`
	} `json:"secrets"`
}

type named struct {
	Host       string `json:"host"`
	Repository string `json:"repository"`
	Tag        string `json:"tag,omitempty"`
	Digest     string `json:"digest,omitempty"`
}

type answer struct {
	Reference *named      `json:"reference"`
	Logins    [][2]string `json:"logins"`
	Failed    bool        `json:"failed,omitempty"`
}

func referenceOf(image string) *named {
	parsed, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return nil
	}
	found := &named{Host: reference.Domain(parsed), Repository: reference.Path(parsed)}
	if tagged, ok := parsed.(reference.Tagged); ok {
		found.Tag = tagged.Tag()
	}
	if digested, ok := parsed.(reference.Digested); ok {
		found.Digest = digested.Digest().String()
	}
	return found
}

// loginsOf returns the logins for an image that the kubelet itself can parse.
func loginsOf(asked question) ([][2]string, bool) {
	logins := [][2]string{}
	repository, _, _, err := parsers.ParseImageName(asked.Image)
	if err != nil {
		return logins, false
	}
	list := make([]corev1.Secret, 0, len(asked.Secrets))
	for _, secret := range asked.Secrets {
		list = append(list, corev1.Secret{Type: corev1.SecretType(secret.Type), Data: secret.Data})
	}
	keyring, err := secrets.MakeDockerKeyring(list, &credentialprovider.BasicDockerKeyring{})
	if err != nil {
		return logins, true
	}
	found, _ := keyring.Lookup(repository)
	for _, login := range found {
		logins = append(logins, [2]string{login.Username, login.Password})
	}
	return logins, false
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		var asked question
		if err := in.Decode(&asked); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		logins, failed := loginsOf(asked)
		if err := out.Encode(answer{referenceOf(asked.Image), logins, failed}); err != nil {
			log.Fatal(err)
		}
	}
}
