import { check } from '../../../diagnosis/check.ts'
import { parseReference } from '../../../registry/parse-reference.ts'
import { theImage } from '../pull.ts'

export const reference = check({
  id: 'reference',
  doing: 'Reading the image reference',
  needs: { image: theImage },
  gather: async ({ image }) => parseReference(image.image),
})
